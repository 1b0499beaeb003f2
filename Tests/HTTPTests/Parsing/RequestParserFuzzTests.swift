import HTTP
import SeededRandom
import Testing

/// Reproducible noise and damage: seeds are fixed.
@Suite struct RequestParserFuzzTests {
    @Test(arguments: 1...8)
    func damagedRequestsNeverDependOnTheirSplit(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<2500 {
            let bytes = RequestNoise.next(using: &generator)
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            let whole = Outcome(of: [bytes[...]])
            #expect(Outcome(of: [bytes[..<cut], bytes[cut...]]) == whole)
            #expect([nil, 400, 413, 414, 417, 431, 501, 505].contains(whole.error))
        }
    }

    @Test(arguments: 1...4)
    func noiseIsRefusedOrWaitedOut(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<1250 {
            let bytes = (0..<Int.random(in: 1...300, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let outcome = Outcome(of: [bytes[...]])
            #expect(outcome.requests.isEmpty)
            #expect([nil, 400, 501, 505].contains(outcome.error))
        }
    }
}
