import HTTP
import Testing

/// Reproducible noise and damage: seeds are fixed.
@Suite struct RequestParserFuzzTests {
    @Test func damagedRequestsNeverDependOnTheirSplit() {
        var generator = SplitMix64(state: 20260101)
        let interesting = Array("\r\n \t:;,=%/?#\"0159afAFxX+-_\0\u{7f}".utf8) + [0x80, 0xFF]
        let sources = acceptedRequests.map(\.request) + refusedRequests.map(\.request).filter { $0.utf8.count < 1000 }
        for _ in 0..<20_000 {
            var bytes = Array((sources.randomElement(using: &generator)! + sources.randomElement(using: &generator)!).utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = interesting.randomElement(using: &generator)!
                case 1: bytes.insert(interesting.randomElement(using: &generator)!, at: place)
                case 2: bytes.remove(at: place)
                default: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            let whole = Outcome(of: [bytes[...]])
            #expect(Outcome(of: [bytes[..<cut], bytes[cut...]]) == whole)
        }
    }

    @Test func noiseIsRefusedOrWaitedOut() {
        var generator = SplitMix64(state: 7)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 1...300, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let outcome = Outcome(of: [bytes[...]])
            #expect(outcome.requests.isEmpty)
            #expect([nil, 400, 501, 505].contains(outcome.error))
        }
    }
}
