import Expressions
import GradientEstimation
import Testing

/// A specification with everything at its default but what is named.
func specification(
    f: String = "x*sin(x)", r: String = "(mu-1)^2/2 + sigma - log(sigma)",
    estimators: [EstimatorKind] = [.logDerivative, .reparameterization],
    iterations: Int = 10_000, batch: Int = 300, learningRate: Double = 0.01, mu: Double = 0,
    sigma: Double = 1, every: Int = 10, seed: UInt64 = 7
) throws -> GradientSpecification {
    try GradientSpecification(
        f: Expression(f, variables: GradientSpecification.variableOfF),
        r: Expression(r, variables: GradientSpecification.variablesOfR), estimators: estimators,
        iterations: iterations, batch: batch, learningRate: learningRate, mu: mu, sigma: sigma,
        every: every, seed: seed)
}

func report(
    _ specification: GradientSpecification, by step: Int = .max, concurrently loop: ConcurrentLoop = serialLoop
) throws -> GradientReport {
    let run = GradientRun(specification)
    while !run.isFinished {
        try run.advance(iterations: min(step, specification.iterations), concurrently: loop)
    }
    return run.report
}

@Suite struct GradientRunTests {
    @Test func everyEstimatorsDescentEndsAtTheOptimum() throws {
        let report = try report(specification(estimators: EstimatorKind.allCases))
        for result in report.estimators {
            #expect(abs(result.final.mu - 0.44229748832082241) <= 0.02, "\(result.estimator)")
            #expect(abs(result.final.sigma - 0.60649502493158087) <= 0.02, "\(result.estimator)")
        }
    }

    @Test func neitherStepsNorThreadsChangeABit() throws {
        // 16384/300 batches a slice: these steps fall on, before and after its ends.
        let specification = try specification(
            estimators: EstimatorKind.allCases, iterations: 500, every: 7, seed: 3)
        let whole = try report(specification)
        for step in [1, 54, 55, 109, 499, 500] { #expect(try report(specification, by: step) == whole) }
        // Bodies in reverse and interleaved order stand for any schedule.
        let backwards = try report(specification, by: 100) { count, body in
            for i in (0..<count).reversed() { body(i) }
        }
        #expect(backwards == whole)
    }

    @Test func anEstimatorsPathDoesNotDependOnItsCompany() throws {
        let together = try report(specification(estimators: EstimatorKind.allCases, iterations: 200))
        for (kind, result) in zip(EstimatorKind.allCases, together.estimators) {
            let alone = try report(specification(estimators: [kind], iterations: 200))
            #expect(alone.estimators == [result])
        }
    }

    @Test func theSeedDecidesThePath() throws {
        let one = try report(specification(iterations: 50, seed: 1)).estimators[0].final
        #expect(try report(specification(iterations: 50, seed: 1)).estimators[0].final == one)
        #expect(try report(specification(iterations: 50, seed: 2)).estimators[0].final != one)
    }

    @Test(arguments: [
        (10, 1, Array(0...10)), (10, 3, [0, 3, 6, 9, 10]), (10, 5, [0, 5, 10]), (10, 99, [0, 10]),
        (1, 1, [0, 1]),
    ]) func aTraceHasTheStartTheEndAndEverySoManyBetween(
        iterations: Int, every: Int, kept: [Int]
    ) throws {
        let every1 = try report(specification(iterations: iterations, every: 1)).estimators[0]
        let result = try report(specification(iterations: iterations, every: every)).estimators[0]
        #expect(result.trace.iterations == kept)
        #expect(result.trace.mu == kept.map { every1.trace.mu[$0] })
        #expect(result.trace.sigma == kept.map { every1.trace.sigma[$0] })
        #expect(result.trace.gradientVariance.tau == kept.map { every1.trace.gradientVariance.tau[$0] })
        #expect(result.trace.mu.first == 0 && result.trace.sigma.first == 1)
        #expect(result.final.mu == result.trace.mu.last && result.final.sigma == result.trace.sigma.last)
    }

    @Test func aStepFollowsTheGradientExactly() throws {
        // f = 2x has the pathwise gradient (2, 2σε); r adds (μ, τ) → (3, σ · 5).
        let result = try report(
            specification(
                f: "2*x", r: "3*mu + 5*sigma", estimators: [.reparameterization], iterations: 1,
                batch: 1_000, learningRate: 0.1, mu: 1, sigma: 2, every: 1)
        ).estimators[0]
        #expect(abs(result.final.mu - (1 - 0.1 * (2 + 3))) <= 1e-12)
        #expect(result.trace.gradientVariance.mu[0] == 0)
        // The mean of 2σε over 1000 draws has the standard error 4/√1000.
        let expected = 2 * _exp(-0.1 * 10)
        #expect(abs(result.final.sigma - expected) <= expected * 0.1 * 5 * 4 / 31.6)
    }

    /// e^x to double precision, for small x.
    private func _exp(_ x: Double) -> Double {
        (1...40).reversed().reduce(1) { 1 + x / Double($1) * $0 }
    }

    @Test(arguments: [1, 2, 1023, 1024, 1025, 40_000]) func batchesOfAnySizeWork(batch: Int) throws {
        let kinds: [EstimatorKind] =
            batch == 1
            ? [.logDerivative, .reparameterization, .measureValued] : EstimatorKind.allCases
        let report = try report(specification(estimators: kinds, iterations: 3, batch: batch, every: 1))
        for result in report.estimators {
            #expect(result.trace.count == 4)
            #expect(result.trace.gradientVariance.mu.allSatisfy { ($0 == nil) == (batch == 1) })
        }
    }

    @Test func aValueOutsideItsDomainNamesTheSubexpression() throws {
        let error = #expect(throws: GradientError.self) { try report(specification(f: "log(x + 2)")) }
        guard case .undefined("f", let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.subexpression == "log(x + 2)")
        #expect(cause.reason == .undefined)
        #expect(cause.operands[0].text == "x + 2" && cause.operands[0].value < 0)
        let inR = #expect(throws: GradientError.self) { try report(specification(r: "sqrt(-sigma)")) }
        #expect(inR?.description.hasPrefix("in r, sqrt(-sigma) is undefined where -sigma = -1.0") == true)
    }

    @Test func aDescentThatLeavesTheNumbersSaysSo() throws {
        let error = #expect(throws: GradientError.self) {
            try report(specification(f: "x", r: "-exp(mu^2)", learningRate: 5, mu: 1))
        }
        switch error {
        case .diverged, .undefined, .overflow: break
        case nil: Issue.record("it converged")
        }
        let shrinks = #expect(throws: GradientError.self) {
            try report(specification(f: "x", r: "1e6*sigma", learningRate: 1))
        }
        guard case .diverged(.logDerivative, iteration: 1, _)? = shrinks else {
            Issue.record("\(String(describing: shrinks))")
            return
        }
    }

    @Test func progressCountsIterations() throws {
        let run = GradientRun(try specification(iterations: 250))
        var seen: [Int] = []
        while !run.isFinished {
            try run.advance(iterations: 100)
            seen.append(run.iteration)
        }
        // Pieces before the first iteration look for the optimum, those after the last examine.
        #expect(seen == seen.sorted())
        #expect(Set(seen).subtracting([0]) == [100, 200, 250])
        #expect(run.drawsUsed == 250 * 300 * 2)
    }
}
