import SeededRandom
import Testing
import Zlib

@Suite struct InflaterTests {
    private let bytes = DeflaterTests.bytes(5000, seed: 9)

    private func coded() throws -> [UInt8] {
        var deflater = try Deflater(), coded: [UInt8] = []
        deflater.finish(bytes[...], into: &coded)
        return coded
    }

    @Test func whatIsCutOffNeverEnds() throws {
        let coded = try coded()
        for count in stride(from: 0, to: coded.count, by: 7) {
            let (some, state) = try inflated(Array(coded.prefix(count)), .gzip, room: 512)
            #expect(state == .open && bytes.starts(with: some))
        }
    }

    @Test func whatIsDamagedNeverEndsAsIfItWereNot() throws {
        let coded = try coded()
        var random = SplitMix64(seed: 5)
        for _ in 0..<2000 {
            var other = coded
            let place = Int(random.next() % UInt64(coded.count)), bit = UInt8(1) << (random.next() & 7)
            other[place] ^= bit
            let (some, state) = try inflated(other, .gzip, room: 512)
            // The header's bytes 4 to 9 say nothing of the data.
            if !(4..<10).contains(place) { #expect(state != .ended || some == bytes) }
        }
    }

    @Test func aNewStreamMayFollow() throws {
        let coded = try coded()
        var inflater = try Inflater(.gzip), output = [UInt8](repeating: 0, count: 10_000)
        for _ in 0..<3 {
            let step = coded.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { inflater.inflate(input, into: $0) }
            }
            #expect(step.state == .ended && step.consumed == coded.count && output.prefix(step.produced) == bytes[...])
            inflater.restart()
        }
    }
}
