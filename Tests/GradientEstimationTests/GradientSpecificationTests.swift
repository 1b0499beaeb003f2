import Expressions
import GradientEstimation
import Statistics
import Testing

@Suite struct GradientSpecificationTests {
    @Test func badParametersAreNamed() {
        func culprit(_ make: () throws -> GradientSpecification) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? InvalidParameter)?.parameter }
        }
        #expect(culprit { try specification(estimators: []) } == "estimators")
        #expect(culprit { try specification(estimators: [.logDerivative, .logDerivative]) } == "estimators")
        #expect(culprit { try specification(iterations: 0) } == "iterations")
        #expect(culprit { try specification(iterations: 1 << 40) } == "iterations")
        #expect(culprit { try specification(batch: 0) } == "batch")
        #expect(culprit { try specification(batch: 1 << 40) } == "batch")
        #expect(culprit { try specification(estimators: [.logDerivativeBaseline], batch: 1) } == "batch")
        #expect(culprit { try specification(learningRate: 0) } == "learning_rate")
        #expect(culprit { try specification(learningRate: .infinity) } == "learning_rate")
        #expect(culprit { try specification(mu: .nan) } == "mu")
        #expect(culprit { try specification(sigma: 0) } == "sigma")
        #expect(culprit { try specification(sigma: -1) } == "sigma")
        #expect(culprit { try specification(every: 0) } == "every")
        #expect(culprit { try specification(iterations: 1_000_000, batch: 1, every: 1) } == "every")
        #expect(culprit { try specification() } == nil)
    }

    @Test func theWorkLimitCountsEveryEstimator() throws {
        var limits = GradientSpecification.Limits()
        limits.work = 6_000
        func make(_ iterations: Int) throws {
            _ = try GradientSpecification(
                f: Expression("x", variables: ["x"]), r: Expression("mu", variables: ["mu", "sigma"]),
                iterations: iterations, batch: 300, seed: 0, limits: limits)
        }
        try make(10)
        #expect(throws: InvalidParameter("iterations", "times batch times estimators must be at most 6000")) {
            try make(11)
        }
    }
}
