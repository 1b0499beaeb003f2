import NormalizingFlows
import Projections
import SeededRandom
import Testing

@Suite struct AdaptiveStepTests {
    private static let dimension = 20

    /// Whatever the gradients are: steady ones, which take a pixel furthest, or of any size and sign.
    @Test(arguments: [1, 2, 7, 60, 300], [true, false])
    func noPixelMovesFurtherThanItsReach(iterations: Int, isSteady: Bool) throws {
        var generator = SplitMix64(seed: 3)
        let reach = (0..<Self.dimension).map { Float($0) / 40 }
        let start = [Float](repeating: 0, count: Self.dimension)
        let box = try Box([Interval<Float>](repeating: Interval(min: -10, max: 10), count: Self.dimension))
        var rule = AdaptiveStep(dimension: Self.dimension, iterations: iterations, reach: reach), x = start
        for iteration in 0..<iterations {
            let gradient = (0..<Self.dimension).map { k in
                isSteady ? Float(1000) : Float(Int(generator.next() % 2001) - 1000) * (k % 2 == 0 ? 1e-3 : 1e3)
            }
            rule.step(&x, gradient: gradient, iteration: iteration, constraints: box)
            for k in x.indices { #expect(x[k].magnitude <= reach[k] * 1.0001) }
        }
        // A steady gradient takes it there.
        if isSteady {
            for k in x.indices { #expect(x[k] >= reach[k] * 0.999) }
        }
    }
}
