import Expressions
import GradientEstimation
import Statistics
import Testing

@Suite struct EvidenceTests {
    private func specification(
        _ logH: String, mean: [Double], logStd: [Double], samples: Int = 100_000,
        estimators: [EvidenceEstimatorKind] = EvidenceEstimatorKind.allCases, seed: UInt64 = 5,
        limits: EvidenceSpecification.Limits = .init()
    ) throws -> EvidenceSpecification {
        let variables = EvidenceSpecification.variables(dimension: mean.count)
        return try EvidenceSpecification(
            logH: Expression(logH, variables: variables), mean: mean, logStd: logStd,
            samples: samples, estimators: estimators, seed: seed, limits: limits)
    }

    private func report(_ specification: EvidenceSpecification, by step: Int = .max) throws -> EvidenceReport {
        let run = EvidenceRun(specification)
        while !run.isFinished { try run.advance(samples: step) }
        return run.report
    }

    /// log h = −(z − a)ᵀP(z − a)/2 has ∇ = (−P(m − a), 1 − Pⱼⱼ sⱼ²), here in three dimensions.
    @Test func everyEstimatorAgreesWithTheClosedFormForAGaussian() throws {
        let logH = "-(2*(z1-1)^2 + 0.5*(z2+1)^2 + (z3-0.3)^2)/2 - 0.7*(z1-1)*(z2+1)"
        let report = try report(specification(logH, mean: [0.2, 0.4, -0.5], logStd: [-0.5, 0.3, 0]))
        let s2 = [0.36787944117144233, 1.8221188003905089, 1]
        let truth = VariationalPair(
            mean: [-(2 * -0.8 + 0.7 * 1.4), -(0.5 * 1.4 + 0.7 * -0.8), 0.8],
            logStd: [1 - 2 * s2[0], 1 - 0.5 * s2[1], 1 - s2[2]])
        #expect(report.exact == nil)
        #expect(report.estimators.map(\.estimator) == EvidenceEstimatorKind.allCases)
        for estimate in report.estimators {
            for (found, expected, error) in zip3(estimate.gradient, truth, estimate.standardError) {
                #expect(abs(found - expected) <= 5 * (try #require(error)) + 1e-13, "\(estimate.estimator)")
            }
        }
        // E log h − E log q = −½(2(0.64 + s₁²) + ½(1.96 + s₂²) + 0.64 + s₃²) + 0.7 · 0.8 · 1.4 + H.
        let meanLogH = -(2 * (0.64 + s2[0]) + 0.5 * (1.96 + s2[1]) + 0.64 + s2[2]) / 2 + 0.7 * 0.8 * 1.4
        let entropy = -0.5 + 0.3 + 1.5 * (1 + 1.8378770664093455)
        #expect(abs(report.evidence - (meanLogH + entropy)) <= 5 * (try #require(report.standardError)))
    }

    private func zip3(
        _ a: VariationalPair<Double>, _ b: VariationalPair<Double>, _ c: VariationalPair<Double?>
    ) -> [(Double, Double, Double?)] {
        zip(zip(a.mean + a.logStd, b.mean + b.logStd), c.mean + c.logStd).map { ($0.0, $0.1, $1) }
    }

    @Test func quadratureGivesTheClosedFormInOneAndTwoDimensions() throws {
        let one = try #require(try report(specification("-z1^2/2", mean: [0.3], logStd: [0.2], samples: 1)).exact)
        #expect(abs(one.gradient.mean[0] + 0.3) <= 1e-13)
        #expect(abs(one.gradient.logStd[0] - (1 - 1.4918246976412703)) <= 1e-13)
        let two = try #require(try report(
            specification("-z1^2/2 - z1*z2 - z2^2", mean: [0.3, -0.1], logStd: [0.2, 0], samples: 1)).exact)
        #expect(abs(two.gradient.mean[0] - (-0.3 + 0.1)) <= 1e-12)
        #expect(abs(two.gradient.mean[1] - (-0.3 + 0.2)) <= 1e-12)
        #expect(abs(two.gradient.logStd[1] - (1 - 2)) <= 1e-12)
        #expect(abs(two.evidence - (-(0.09 + 1.4918246976412703) / 2 + 0.03 - 1.01 + 0.2 + 2.8378770664093455)) <= 1e-12)
    }

    @Test func estimatesAgreeWithQuadratureForADensityThatIsNotGaussian() throws {
        let logH = "-softplus(z1*z2) - z1^4/4 - z2^2 + sin(z1)"
        let report = try report(specification(logH, mean: [0.3, 0.6], logStd: [-0.7, -1.5]))
        let exact = try #require(report.exact)
        #expect(abs(report.evidence - exact.evidence) <= 5 * (try #require(report.standardError)))
        for estimate in report.estimators {
            for (found, expected, error) in zip3(estimate.gradient, exact.gradient, estimate.standardError) {
                #expect(abs(found - expected) <= 5 * (try #require(error)), "\(estimate.estimator)")
            }
        }
    }

    @Test func theScoresMeanVanishes() throws {
        let score = try report(specification("-z1^2 - z2^2", mean: [1, 2], logStd: [0.5, -1])).estimators[0]
        let mean = try #require(score.scoreMean)
        let error = try #require(score.scoreStandardError)
        for (value, error) in zip(mean.mean + mean.logStd, error.mean + error.logStd) {
            #expect(abs(value) <= 5 * (try #require(error)))
            #expect(value != 0)
        }
        // One score has the variance 1/s² in the mean and 2 in log s.
        #expect(abs(try #require(error.mean[0]) - 0.0019180183) <= 2e-5)
        #expect(abs(try #require(error.logStd[0]) - 0.0044721360) <= 1e-4)
    }

    @Test func stickingTheLandingHasNoVarianceWhereTheApproximationIsExact() throws {
        let report = try report(specification("-(z1-1)^2/(2*4)", mean: [1], logStd: [0.6931471805599453]))
        let landing = report.estimators[2]
        #expect(try #require(landing.variance.mean[0]) <= 1e-30)
        #expect(try #require(landing.variance.logStd[0]) <= 1e-29)
        #expect(try #require(report.estimators[1].variance.mean[0]) > 0.1)
        // log(h/q) is then a constant, log 2√(2π): the score form still has variance.
        #expect(try #require(report.estimators[0].variance.mean[0]) > 0.1)
        #expect(try #require(report.standardError) <= 1e-15)
        #expect(abs(report.evidence - 1.6120857137646180) <= 1e-14)
    }

    @Test func neitherStepsNorCompanyChangeABit() throws {
        let logH = "-z1^2 - exp(z2)"
        let whole = try report(specification(logH, mean: [0.1, 0.2], logStd: [0, -1], samples: 5_000))
        for step in [1, 1000, 1024, 4999] {
            #expect(try report(specification(logH, mean: [0.1, 0.2], logStd: [0, -1], samples: 5_000), by: step) == whole)
        }
        for (index, kind) in EvidenceEstimatorKind.allCases.enumerated() {
            let alone = try report(specification(
                logH, mean: [0.1, 0.2], logStd: [0, -1], samples: 5_000, estimators: [kind]))
            #expect(alone.estimators == [whole.estimators[index]])
        }
    }

    @Test func oneSampleHasNoError() throws {
        let report = try report(specification("-z1^2", mean: [0], logStd: [0], samples: 1))
        #expect(report.standardError == nil)
        #expect(report.estimators.allSatisfy { $0.standardError.mean == [nil] && $0.variance.logStd == [nil] })
    }

    @Test func aPointOutsideTheDomainIsNamed() throws {
        let error = #expect(throws: GradientError.self) {
            try report(specification("log(z1)", mean: [0], logStd: [0]))
        }
        guard case .undefined("log_h", let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.subexpression == "log(z1)" && cause.point[0].value < 0)
    }

    @Test func badParametersAreNamed() {
        func culprit(_ make: () throws -> EvidenceSpecification) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? InvalidParameter)?.parameter }
        }
        #expect(culprit { try specification("0", mean: [], logStd: []) } == "mean")
        #expect(culprit { try specification("z1", mean: [.nan], logStd: [0]) } == "mean")
        #expect(culprit { try specification("z1", mean: [0], logStd: []) } == "log_std")
        #expect(culprit { try specification("z1", mean: [0], logStd: [1000]) } == "log_std")
        #expect(culprit { try specification("z1", mean: [0], logStd: [0], samples: 0) } == "samples")
        #expect(culprit { try specification("z1", mean: [0], logStd: [0], samples: 1 << 50) } == "samples")
        #expect(culprit { try specification("z1", mean: [0], logStd: [0], estimators: []) } == "estimators")
        var limits = EvidenceSpecification.Limits()
        limits.dimension = 1
        #expect(culprit { try specification("z1", mean: [0, 0], logStd: [0, 0], limits: limits) } == "mean")
    }

    /// The rules with fixed nodes see neither; E[exp(−((ε − a)/w)²)] is in closed form.
    @Test(arguments: [0.1, 1e-3, 1e-6]) func aNarrowSpikeCounts(width: Double) throws {
        let v = width * width / 2
        let spike = (v / (1 + v)).squareRoot() / width * 0.9559974818331
        let one = try report(specification(
            "1/\(width)*exp(-((z1 - 0.3)/\(width))^2)", mean: [0], logStd: [0], samples: 10))
        #expect(abs(try #require(one.exact).evidence - 1.4189385332046727 - spike) <= 1e-3 * spike)
        let two = try report(specification(
            "1/\(width)*exp(-((z1 - 0.3)/\(width))^2) - z2^2/2", mean: [0, 0], logStd: [0, 0], samples: 10))
        #expect(abs(try #require(two.exact).evidence - 2.3378770664093455 - spike) <= 1e-3 * spike)
    }

    /// The two sides of a pole cancel in every symmetric rule.
    @Test(arguments: [
        ("1/z1", "unbounded near z1 = 0.0"), ("1/(z1 - 1)", "unbounded near z1 = 1.0"), ("1/z1 - z2^2", "unbounded"),
        ("1/(z1*z2)", "unbounded"), ("z1^2/abs(z2)", "unbounded"), ("exp(z1^2)", "does not converge"),
        ("z1 + z2 + z3", "two dimensions"),
    ]) func whatHasNoExpectationHasAReason(logH: String, reason: String) throws {
        let d = logH.contains("z3") ? 3 : logH.contains("z2") ? 2 : 1
        let zeros = [Double](repeating: 0, count: d)
        let report = try report(specification(logH, mean: zeros, logStd: zeros, samples: 10))
        #expect(report.exact == nil)
        #expect(report.exactUnavailable?.contains(reason) == true, "\(report.exactUnavailable ?? "none")")
    }

    /// E|ε| = √(2/π), in one variable and beside another.
    @Test func kinksAreIntegrated() throws {
        let mean = 0.7978845608028654
        let one = try #require(try report(specification("abs(z1)", mean: [0], logStd: [0], samples: 10)).exact)
        #expect(abs(one.evidence - 1.4189385332046727 - mean) <= 1e-8)
        let two = try #require(try report(specification("abs(z1) + z2", mean: [0, 0], logStd: [0, 0], samples: 10)).exact)
        #expect(abs(two.evidence - 2.8378770664093455 - mean) <= 1e-8)
    }
}
