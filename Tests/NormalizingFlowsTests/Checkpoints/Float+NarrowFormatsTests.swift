import NormalizingFlows
import SeededRandom
import Testing

/// Swift's own Float16 is the judge.
@Suite struct FloatNarrowFormatsTests {
    @Test func everyBinary16NumberBecomesItsFloatAndComesBack() {
        for bits in UInt16.min...UInt16.max {
            let expected = Float(Float16(bitPattern: bits))
            let actual = Float(binary16: bits)
            if expected.isNaN {
                #expect(actual.isNaN && actual.sign == expected.sign)
                #expect(Float16(bitPattern: actual.binary16).isNaN)
            } else {
                #expect(actual.bitPattern == expected.bitPattern)
                #expect(actual.binary16 == bits)
            }
        }
    }

    /// Halfway between two neighbours, and one Float to either side of it.
    @Test func tiesGoToTheEvenNeighbourAndNothingElseDoes() {
        for bits in UInt16(0)..<0x7c00 {
            let lower = Float(binary16: bits)
            let upper = bits == 0x7bff ? 65536 : Float(binary16: bits + 1)
            let middle = lower + (upper - lower) / 2
            for value in [middle, middle.nextDown, middle.nextUp, -middle, -middle.nextUp] {
                #expect(value.binary16 == Float16(value).bitPattern, "\(value)")
            }
        }
    }

    @Test func anyFloatRoundsAsFloat16Does() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<1_000_000 {
            let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
            if value.isNaN {
                #expect(Float16(bitPattern: value.binary16).isNaN)
            } else if value.binary16 != Float16(value).bitPattern {
                Issue.record("\(value)")
            }
        }
        #expect(Float.infinity.binary16 == 0x7c00)
        #expect((-Float.infinity).binary16 == 0xfc00)
        #expect(Float(65519.996).binary16 == 0x7bff)
        #expect(Float(65520).binary16 == 0x7c00)
    }

    @Test func everyBFloat16NumberIsTheUpperHalfOfItsFloat() {
        for bits in UInt16.min...UInt16.max {
            #expect(Float(bfloat16: bits).bitPattern == UInt32(bits) << 16)
        }
    }
}
