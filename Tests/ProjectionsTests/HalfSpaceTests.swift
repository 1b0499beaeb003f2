import Projections
import SeededRandom
import Testing

@Suite struct HalfSpaceTests {
    @Test func insideStaysAndOutsideDropsPerpendicularly() throws {
        let half = try HalfSpace<Double>(normal: [3, 4], offset: 5)
        #expect(half.projection(of: [0, 0]) == [0, 0])
        #expect(half.projection(of: [-10, 2]) == [-10, 2])
        #expect(euclideanDistance(half.projection(of: [3, 4]), [0.6, 0.8]) <= 1e-15)
    }

    @Test func everyProjectionIsAMember() throws {
        let half = try HalfSpace<Double>(normal: [0.3, -7, 1e-3], offset: -2)
        var generator = SplitMix64(seed: 9)
        for _ in 0..<200 {
            let x = half.projection(of: generator.point(3, scale: 100))
            #expect(dot(half.normal, x) <= -2 + 1e-12)
        }
    }

    @Test func theScaleOfTheNormalDoesNotMatter() throws {
        var generator = SplitMix64(seed: 10)
        for power in [-300.0, -150, 150, 300] {
            let factor = Double(sign: .plus, exponent: Int(power), significand: 1)
            let small = try HalfSpace<Double>(normal: [1, -2], offset: 0.5)
            let scaled = try HalfSpace<Double>(
                normal: [factor, -2 * factor], offset: 0.5 * factor)
            let y = generator.point(2, scale: 3)
            #expect(small.projection(of: y) == scaled.projection(of: y))
        }
    }

    @Test func aZeroNormalIsNamed() {
        #expect(throws: ConstraintError(.normal, "must not be zero")) {
            try HalfSpace<Double>(normal: [0, 0], offset: 1)
        }
    }
}
