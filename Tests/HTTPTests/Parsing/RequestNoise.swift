import SeededRandom
/// Reproducible bytes to try a parser with.
enum RequestNoise {
    private static let interesting = Array("\r\n \t:;,=%/?#\"0159afAFxX+-_\0\u{7f}".utf8) + [0x80, 0xFF]
    private static let sources =
        acceptedRequests.map(\.request).filter { $0.utf8.count < 1000 } + refusedRequests.map(\.request).filter { $0.utf8.count < 1000 }

    /// Up to three requests, one after the other, with up to four bytes changed, inserted or left out.
    static func next(using generator: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            bytes += Array(sources[Int.random(in: sources.indices, using: &generator)].utf8)
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let place = Int.random(in: bytes.indices, using: &generator)
            let byte = interesting[Int.random(in: interesting.indices, using: &generator)]
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = byte
            case 1: bytes.insert(byte, at: place)
            case 2 where bytes.count > 1: bytes.remove(at: place)
            default: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            }
        }
        return bytes
    }
}
