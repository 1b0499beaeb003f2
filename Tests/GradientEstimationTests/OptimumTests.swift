import Expressions
import GradientEstimation
import Testing

@Suite struct OptimumTests {
    private func optimum(
        f: String = "x*sin(x)", r: String = "(mu-1)^2/2 + sigma - log(sigma)", mu: Double = 0,
        sigma: Double = 1, learningRate: Double = 1e-12
    ) throws -> Optimum {
        try report(specification(f: f, r: r, iterations: 1, learningRate: learningRate, mu: mu, sigma: sigma)).optimum
    }

    @Test func theDefaultProblemsMinimumIsFoundToTheLastDigits() throws {
        guard case .found(let at, let value) = try optimum() else {
            Issue.record("no optimum")
            return
        }
        #expect(abs(at.mu - 0.44229748832082241) <= 1e-14)
        #expect(abs(at.sigma - 0.60649502493158087) <= 1e-14)
        #expect(abs(value - 1.69616823584817502) <= 1e-14)
    }

    /// E[(x − a)²] + r: the minimum is where 2(μ − a) + r_μ = 0 and 2σ + r_σ = 0.
    @Test func aQuadraticsMinimumIsInClosedForm() throws {
        guard case .found(let at, let value) = try optimum(f: "(x - 3)^2", r: "-log(sigma)") else {
            Issue.record("no optimum")
            return
        }
        #expect(abs(at.mu - 3) <= 1e-10)
        #expect(abs(at.sigma - 0.5.squareRoot()) <= 1e-10)
        #expect(abs(value - (0.5 + 0.34657359027997264)) <= 1e-10)
    }

    /// However far away, whether in μ or in τ.
    @Test(arguments: [
        ("x", "(mu - 1e3)^2 + sigma - log(sigma)", 999.5, 1.0),
        ("x", "(mu + 1e6)^2 + sigma - log(sigma)", -1_000_000.5, 1),
        ("0*x", "mu^2 + (log(sigma) + 30)^2", 0, 9.357622968840175e-14),
        ("0*x", "(mu - 5e3)^2 + (log(sigma) - 12)^2", 5e3, 162754.79141900392),
    ]) func aFarOptimumIsReached(f: String, r: String, mu: Double, sigma: Double) throws {
        guard case .found(let at, _) = try optimum(f: f, r: r) else {
            Issue.record("no optimum of \(f), \(r)")
            return
        }
        #expect(abs(at.mu - mu) <= 1e-9 * max(abs(mu), 1))
        #expect(abs(at.sigma - sigma) <= 1e-9 * sigma)
    }

    /// J and any multiple of it have the same optimum.
    @Test(arguments: [-200, -30, 30, 200]) func theOptimumDoesNotDependOnTheScale(exponent: Int) throws {
        let cases = [("x*sin(x)", "(mu-1)^2/2 + sigma - log(sigma)"), ("x^2", "(mu-1)^2 + sigma - log(sigma)")]
        for (f, r) in cases {
            guard case .found(let plain, _) = try optimum(f: f, r: r),
                case .found(let scaled, _) = try optimum(
                    f: "1e\(exponent)*(\(f))", r: "1e\(exponent)*(\(r))", learningRate: 1e-300)
            else {
                Issue.record("no optimum of \(f)")
                continue
            }
            #expect(abs(scaled.mu - plain.mu) <= 1e-12)
            #expect(abs(scaled.sigma - plain.sigma) <= 1e-12)
        }
    }

    /// E|x| = σ√(2/π) e^{−μ²/2σ²} + μ(1 − 2Φ(−μ/σ)): by symmetry μ = 0, and then σ√(2/π) − log σ
    /// is least at σ = √(π/2).
    @Test func aKinkIsNoObstacle() throws {
        guard case .found(let at, let value) = try optimum(f: "abs(x)", r: "-log(sigma)", mu: 0.8) else {
            Issue.record("no optimum")
            return
        }
        #expect(abs(at.mu) <= 1e-9)
        #expect(abs(at.sigma - 1.2533141373155003) <= 1e-9)
        #expect(abs(value - (1 - 0.22579135264472744)) <= 1e-12)
    }

    @Test(arguments: [
        ("x", "0*mu", "still falls"), ("x^2", "0*mu", ""), ("3", "0*mu", "no strict minimum"),
        ("exp(x^2)", "sigma", "at the start, the expectation of f does not converge"),
    ]) func whereThereIsNoneAReasonIsGiven(f: String, r: String, reason: String) throws {
        guard case .none(let given) = try optimum(f: f, r: r) else {
            Issue.record("an optimum of \(f)")
            return
        }
        #expect(given.contains(reason))
        #expect(!given.contains("nan"))
    }

    /// A spike between the nodes of the rules: J's minimum is where an independent formula says.
    /// E[exp(−((x − a)/w)²)] = √(v/(v + σ²)) exp(−(μ − a)²/(2(v + σ²))) with v = w²/2.
    @Test func aSpikeMovesTheOptimum() throws {
        func gradient(_ mu: Double, _ sigma: Double) -> (Double, Double) {
            let v = 0.5e-6, s = v + sigma * sigma, d = mu - 0.3
            let workspace = Workspace((try? Expression("exp(x)", variables: ["x"]))!.program([.value]), width: 1)
            let value = -300 * (v / s).squareRoot() * ((try? workspace.values(at: [-d * d / (2 * s)])[0]) ?? .nan)
            return (2 * mu + value * -d / s, 2 * sigma * sigma - 1 + value * (-1 + d * d / s) * sigma * sigma / s)
        }
        guard
            case .found(let at, _) = try optimum(
                f: "x^2 - 300*exp(-((x - 0.3)/0.001)^2)", r: "-log(sigma)", mu: 0, sigma: 0.7)
        else {
            Issue.record("no optimum")
            return
        }
        let (mu, tau) = gradient(at.mu, at.sigma)
        #expect(abs(mu) <= 1e-6 && abs(tau) <= 1e-6, "\(at)")
        #expect(abs(at.mu) > 0.01)
    }

    @Test(arguments: ["1/x", "1/(x - 0.25)", "1/x + x^2", "x^2 + 1/(x - 1)"]) func polesHaveNoOptimum(f: String) throws
    {
        guard case .none(let reason) = try optimum(f: f, r: "mu^2 + sigma^2 - log(sigma)") else {
            Issue.record("an optimum of \(f)")
            return
        }
        #expect(!reason.isEmpty)
    }
}
