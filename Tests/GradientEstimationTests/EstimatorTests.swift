import Expressions
import GradientEstimation
import Testing

@Suite struct EstimatorTests {
    /// What the endpoint's examination finds, with r = 0, over 10⁵ draws.
    private func examine(
        _ kind: EstimatorKind, _ f: String, mu: Double, sigma: Double, batch: Int = 300,
        seed: UInt64 = 11
    ) throws -> EstimatorDiagnosis {
        try report(
            specification(
                f: f, r: "0*mu", estimators: [kind], iterations: 1, batch: batch,
                learningRate: 1e-9, mu: mu, sigma: sigma, seed: seed)
        ).estimators[0].atStart
    }

    /// E[x sin x] = e^{−σ²/2}(μ sin μ + σ² cos μ), differentiated at (0.4, 0.7), by mpmath.
    private static let truths: [(f: String, mu: Double, tau: Double)] = [
        ("3", 0, 0), ("1e6", 0, 0), ("2*x + 1", 2, 0), ("x^2", 0.8, 0.98),
        ("x*sin(x)", 0.44381519493924878883, 0.47366698419595881727),
    ]

    @Test(arguments: EstimatorKind.allCases, 0..<5) func isUnbiased(kind: EstimatorKind, truth: Int) throws {
        let (f, mu, tau) = Self.truths[truth]
        let found = try examine(kind, f, mu: 0.4, sigma: 0.7)
        for (component, expected) in [(found.mu, mu), (found.tau, tau)] {
            let known = try #require(component.trueGradient)
            #expect(abs(known - expected) <= 1e-12 * (1 + abs(expected)))
            let error = (component.variance / 100_000).squareRoot()
            // Gradients without variance still carry the rounding of their values.
            #expect(abs(component.mean - expected) <= 5 * error + 1e-13 * (1 + abs(expected)))
            if let z = component.biasZ {
                #expect(abs(z) <= 5)
                #expect(abs(z - (component.mean - known) / error) <= 0.02 * abs(z) + 1e-6)
            }
        }
    }

    /// Exact variances of one draw, and the standard error of their estimate from 10⁵ draws
    /// (from exact fourth moments), by mpmath.
    @Test(arguments: [
        (EstimatorKind.logDerivative, 1.8383382080915317, 0.0138, 3.4141030096990439, 0.1355, 0),
        (.reparameterization, 1.0, 0.0029, 1.2261147091187196, 0.0259, 0),
        (.logDerivative, 2.5503436672370143, 0.0246, 2.8199806880530192, 0.0540, 1),
        (.reparameterization, 0.58897194827726094, 0.0024, 0.24327146856462185, 0.0021, 1),
    ]) func singleDrawVariancesAreTheExactOnes(
        kind: EstimatorKind, mu: Double, muError: Double, tau: Double, tauError: Double, place: Int
    ) throws {
        let result = try report(specification(estimators: [kind], iterations: 1)).estimators[0]
        let found = try #require(place == 0 ? result.atStart : result.atOptimum)
        #expect(abs(found.mu.variance - mu) <= 5 * muError)
        #expect(abs(found.tau.variance - tau) <= 5 * tauError)
    }

    @Test func theLeaveOneOutBaselineHasNoVarianceOnAConstant() throws {
        for batch in [2, 3, 300, 5000] {
            let found = try examine(.logDerivativeBaseline, "1e9 + 1/3", mu: 0.4, sigma: 0.7, batch: batch)
            #expect(found.mu.variance == 0 && found.tau.variance == 0)
            #expect(found.mu.mean == 0 && found.tau.mean == 0)
        }
    }

    @Test func theLeaveOneOutBaselineIsUnbiasedInTheSmallestBatches() throws {
        for batch in [2, 3, 5] {
            let found = try examine(.logDerivativeBaseline, "x^2 + 3*x + 20", mu: 0.4, sigma: 0.7, batch: batch)
            #expect(abs(try #require(found.mu.biasZ)) <= 5)
            #expect(abs(try #require(found.tau.biasZ)) <= 5)
        }
    }

    /// f = x at μ = 0, σ = 1 in blocks of two: the gradients (ε₁ − ε₂)ε₁ and (ε₂ − ε₁)ε₂ have
    /// variance 3 and covariance 1 = g², so the mean's variance is 4/3 that of independent draws.
    @Test func biasIsMeasuredInTheErrorOfCorrelatedBlocks() throws {
        let found = try examine(.logDerivativeBaseline, "x", mu: 0, sigma: 1, batch: 2)
        #expect(abs(found.mu.variance - 3) <= 0.3)
        let z = try #require(found.mu.biasZ)
        let independent = (found.mu.mean - 1) / (found.mu.variance / 100_000).squareRoot()
        #expect(abs(z * (4.0 / 3).squareRoot() - independent) <= 0.02 * abs(independent))
    }

    /// At the optimum of an even f the two values of a difference are the same but for rounding, and so are
    /// the true gradient and its mean.
    @Test func roundingIsNoBias() throws {
        let result = try report(
            specification(f: "x^2", r: "-log(sigma)", estimators: EstimatorKind.allCases, iterations: 1))
        for estimator in result.estimators {
            let found = try #require(estimator.atOptimum)
            for z in [found.mu.biasZ, found.tau.biasZ] { #expect(abs(z ?? 0) <= 5, "\(estimator.estimator)") }
        }
        // A difference far above rounding is one, however small the error.
        let blind = try examine(.reparameterization, "max(min(x*1e300, 1), 0) + 1e-3*x^2", mu: 0, sigma: 1)
        #expect(abs(try #require(blind.mu.biasZ)) > 1e4)
    }

    @Test func theBaselineLowersTheVarianceOfAShiftedFunction() throws {
        let plain = try examine(.logDerivative, "x + 100", mu: 0.4, sigma: 0.7)
        let baseline = try examine(.logDerivativeBaseline, "x + 100", mu: 0.4, sigma: 0.7)
        #expect(baseline.mu.variance * 1_000 < plain.mu.variance)
        let unshifted = try examine(.logDerivativeBaseline, "x", mu: 0.4, sigma: 0.7)
        #expect(abs(baseline.mu.variance - unshifted.mu.variance) <= 1e-9)
    }

    @Test func reparameterizationCannotSeeAJumpAndTheOthersCan() throws {
        // E[1{x > 0}] has the derivative φ(0) = 0.398942… in μ.
        let jump = "max(min(x*1e300, 1), 0)"
        let slope = 0.3989422804014327
        for kind in [EstimatorKind.logDerivative, .logDerivativeBaseline, .measureValued] {
            let found = try examine(kind, jump, mu: 0, sigma: 1)
            #expect(abs(found.mu.mean - slope) <= 5 * (found.mu.variance / 100_000).squareRoot() + 1e-12)
            #expect(abs(try #require(found.mu.trueGradient) - slope) <= 1e-10)
        }
        #expect(try examine(.reparameterization, jump, mu: 0, sigma: 1).mu.mean == 0)
    }
}
