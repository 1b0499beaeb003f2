import Projections
import SeededRandom
import Testing

@Suite struct BallTests {
    @Test func insideStaysAndOutsideLandsOnTheSphereAlongTheRadius() throws {
        let ball = try Ball<Double>(center: [1, 1], radius: 5)
        #expect(ball.projection(of: [4, 5]) == [4, 5])
        #expect(ball.projection(of: [7, 9]) == [4, 5])
        #expect(ball.projection(of: [1, -100]) == [1, -4])
    }

    @Test func everyProjectionIsAMember() throws {
        let ball = try Ball<Double>(center: [0.1, -3, 2], radius: 0.7)
        var generator = SplitMix64(seed: 4)
        for scale in [1, 1e5, 1e100, 1e200] {
            for _ in 0..<50 {
                let x = ball.projection(of: generator.point(3, scale: scale))
                #expect(euclideanDistance(x, ball.center) <= 0.7 * (1 + 4e-15))
            }
        }
    }

    @Test func aPointWhoseDistanceOverflowsStillHasADirection() throws {
        let far = Double.greatestFiniteMagnitude
        let x = try Ball<Double>(center: [0, 0], radius: 1).projection(of: [far, -far])
        #expect(abs(x[0] - 0.5.squareRoot()) < 1e-15)
        #expect(abs(x[1] + 0.5.squareRoot()) < 1e-15)
    }

    @Test func aNegativeRadiusIsNamed() {
        #expect(throws: ConstraintError(.radius, "must be a finite number, not negative")) {
            try Ball<Double>(center: [0], radius: -1)
        }
        #expect(throws: ConstraintError(.center, coordinate: 1, "must be a finite number")) {
            try Ball<Double>(center: [0, .nan], radius: 1)
        }
    }
}
