import Expressions
import GradientEstimation
import Testing

@Suite struct VerifiedExpectationTests {
    private func moments(
        _ f: String, mu: Double = 0, sigma: Double = 1
    ) throws -> Result<HermiteMoments, QuadratureFailure> {
        let expectation = VerifiedExpectation(
            of: try Expression(f, variables: ["x"]), at: GaussianParameters(mu: mu, sigma: sigma))
        var steps = 0
        while true {
            if let result = expectation.result { return result }
            expectation.advance()
            steps += 1
            #expect(steps < 100_000, "the work is bounded")
        }
    }

    @Test(arguments: [
        ("1", [1, 0, 0, 0, 0]),
        ("x^2", [0.65, 0.56, 0.98, 0, 0]),
        ("exp(x)", [
            1.9059870292719226925, 1.3341909204903458847, 0.93393364434324211931,
            0.65375355104026948351, 0.45762748572818863846,
        ]),
        ("abs(x)", [
            0.64730344358056151688, 0.30260358366185320048, 0.47438711005950254518,
            -0.27107834860543002581, -0.31948519657068538757,
        ]),
    ]) func momentsAreExact(f: String, expected: [Double]) throws {
        let moments = try moments(f, mu: 0.4, sigma: 0.7).get()
        for (found, value) in zip(moments.c, expected) { #expect(abs(found - value) <= 1e-9, "\(f)") }
    }

    /// E[exp(−((ε − a)/w)²)] = √(v/(1 + v)) exp(−a²/(2(1 + v))) with v = w²/2: a rule with fixed nodes
    /// sees none of the narrow ones.
    @Test(arguments: [1, 0.1, 1e-2, 1e-3, 1e-5, 1e-8]) func noSpikeIsTooNarrow(width: Double) throws {
        for place in [0, 0.3, 1.7, -2.9] {
            let moments = try moments("1 + 1/\(width)*exp(-((x - \(place))/\(width))^2)").get()
            let v = width * width / 2
            let spike = (v / (1 + v)).squareRoot() / width * exponential(-place * place / (2 * (1 + v)))
            #expect(abs(moments.c[0] - 1 - spike) <= 1e-8, "width \(width) at \(place)")
        }
    }

    private func exponential(_ x: Double) -> Double {
        (try? Workspace(Expression("exp(x)", variables: ["x"]).program([.value]), width: 1).values(at: [x])[0]) ?? .nan
    }

    /// E[log|ε|] = −(γ + log 2)/2.
    @Test func integrableSingularitiesAreIntegrated() throws {
        #expect(abs(try moments("log(abs(x))").get().c[0] + 0.63518142273073908501) <= 1e-9)
        #expect(abs(try moments("sin(x)/x").get().c[0] - 0.85562439189214880) <= 1e-9)
    }

    @Test(arguments: ["1/x", "1/x^2", "1/(x - 0.25)", "1/abs(x)", "x/(x^2 - 2)", "tan(x)"])
    func polesAreNotPassedOver(f: String) throws {
        guard case .failure(.unbounded) = try moments(f) else {
            Issue.record("\(f) has no expectation")
            return
        }
    }

    @Test(arguments: ["exp(x^2)", "exp(x^2/2)"]) func tailsThatDoNotEndAreRefused(f: String) throws {
        #expect(try moments(f) == .failure(.noConvergence))
    }

    @Test(arguments: ["sin(1e6*x)", "sin(1/x)", "abs(sin(50*x))*abs(cos(37*x))", "x^1000", "exp(exp(x))", "1/(x^2 + 1e-300)"])
    func strangeFunctionsEnd(f: String) throws {
        if case .success(let moments) = try moments(f) {
            #expect(moments.c.allSatisfy(\.isFinite))
        }
    }
}
