import Expressions
import GradientEstimation
import Testing

@Suite struct GradientProblemTests {
    @Test func badParametersAreNamed() {
        func culprit(_ make: () throws -> GradientProblem) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? InvalidParameter)?.parameter }
        }
        #expect(culprit { try problem(estimators: []) } == "estimators")
        #expect(culprit { try problem(estimators: [.logDerivative, .logDerivative]) } == "estimators")
        #expect(culprit { try problem(iterations: 0) } == "iterations")
        #expect(culprit { try problem(iterations: 1 << 40) } == "iterations")
        #expect(culprit { try problem(batch: 0) } == "batch")
        #expect(culprit { try problem(batch: 1 << 40) } == "batch")
        #expect(culprit { try problem(estimators: [.logDerivativeBaseline], batch: 1) } == "batch")
        #expect(culprit { try problem(learningRate: 0) } == "learning_rate")
        #expect(culprit { try problem(learningRate: .infinity) } == "learning_rate")
        #expect(culprit { try problem(mu: .nan) } == "mu")
        #expect(culprit { try problem(sigma: 0) } == "sigma")
        #expect(culprit { try problem(sigma: -1) } == "sigma")
        #expect(culprit { try problem(every: 0) } == "every")
        #expect(culprit { try problem(iterations: 1_000_000, batch: 1, every: 1) } == "every")
        #expect(culprit { try problem() } == nil)
    }

    @Test func theWorkLimitCountsEveryEstimator() throws {
        var limits = GradientProblem.Limits()
        limits.work = 6_000
        func make(_ iterations: Int) throws {
            _ = try GradientProblem(
                f: Expression("x", variables: ["x"]), r: Expression("mu", variables: ["mu", "sigma"]),
                iterations: iterations, batch: 300, seed: 0, limits: limits)
        }
        try make(10)
        #expect(throws: InvalidParameter("iterations", "times batch times estimators must be at most 6000")) {
            try make(11)
        }
    }
}
