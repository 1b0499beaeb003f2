import Statistics
import Testing

@Suite struct ParetoKTests {
    /// Draws of a Pareto distribution whose tail has shape k: u^-k.
    private func weights(shape k: Double, count: Int, seed: UInt64) -> [(value: Double, count: UInt64)] {
        (0..<count).map { index in
            let words = Philox(seed: seed).block(at: UInt64(index))
            let uniform = (Double(words[0]) + 0.5) * 0x1p-32
            return (ElementaryFunction.exp(-k * ElementaryFunction.log(uniform)), 1)
        }
    }

    /// The estimator's standard deviation is about (1 + k)/√m for m draws in the tail.
    @Test(arguments: [0.1, 0.3, 0.5, 0.7, 1.0, 1.5])
    func findsTheShapeOfAParetoTail(k: Double) throws {
        let count = 200_000
        let tail = 3 * Double(count).squareRoot()
        let fit = try #require(ParetoK(weights: weights(shape: k, count: count, seed: 3), draws: UInt64(count)))
        #expect((fit.value - k).magnitude < 5 * (1 + k) / tail.squareRoot())
        #expect(fit.isReliable == (fit.value < 0.7))
    }

    @Test func boundedWeightsHaveANegativeShape() throws {
        let uniform = (1...10_000).map { (value: Double($0) * 1e-4, count: UInt64(1)) }
        let fit = try #require(ParetoK(weights: uniform, draws: 10_000))
        #expect(fit.value < -0.5 && fit.isReliable)
    }

    @Test func countsAreRepetitionsAndOrderAndScaleDoNotMatter() throws {
        typealias Weight = (value: Double, count: UInt64)
        let counted: [Weight] = (0..<60).map { i in
            let count: Int = 1 + (60 - i) * 7 % 11
            return (value: Double(i * i + 1), count: UInt64(count))
        }
        var expanded: [Weight] = []
        for weight in counted {
            for _ in 0..<weight.count { expanded.append((value: weight.value / 1024, count: 1)) }
        }
        let a = try #require(ParetoK(weights: counted, draws: 500))
        let b = try #require(ParetoK(weights: expanded.reversed(), draws: 500))
        #expect((a.value - b.value).magnitude < 1e-12)
    }

    @Test func zerosOnlyCountAsDraws() throws {
        let few = weights(shape: 0.4, count: 1000, seed: 5)
        let a = try #require(ParetoK(weights: few, draws: 1000))
        let b = try #require(ParetoK(weights: few + [(0, 9000)], draws: 10_000))
        #expect(a.value == b.value && b.threshold == 0.7 && a.threshold < 0.7)
    }

    @Test func thereIsNoTailInFewOrEqualWeights() {
        #expect(ParetoK(weights: [], draws: 100) == nil)
        #expect(ParetoK(weights: [(1, 1000)], draws: 1000) == nil)
        #expect(ParetoK(weights: [(1, 500), (2, 500)], draws: 1000) == nil)
        #expect(ParetoK(weights: weights(shape: 1, count: 20, seed: 1), draws: 20) == nil)
    }

    @Test func thresholdGrowsWithDrawsUpToSevenTenths() {
        #expect((ParetoK.threshold(draws: 100) - 0.5).magnitude < 1e-15)
        #expect((ParetoK.threshold(draws: 1000) - 2.0 / 3).magnitude < 1e-15)
        #expect(ParetoK.threshold(draws: 3000) == 0.7)
        #expect(ParetoK.threshold(draws: 1) == -.infinity)
    }
}
