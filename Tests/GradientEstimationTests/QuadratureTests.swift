import Expressions
import GradientEstimation
import Testing

@Suite struct QuadratureTests {
    /// E[ε^{2m}] = (2m − 1)!!, exact up to degree 2n − 1.
    @Test(arguments: [2, 4, 8, 16, 64, 128]) func hermiteRulesIntegratePolynomials(count: Int) {
        let rule = GaussHermiteRule(count: count)
        #expect(rule.nodes.count == count && rule.weights.count == count)
        var moment = 1.0
        for m in 0..<min(count, 20) {
            if m > 0 { moment *= Double(2 * m - 1) }
            let sum = zip(rule.nodes, rule.weights).reduce(0.0) { sum, point in
                sum + point.1 * (0..<2 * m).reduce(1.0) { power, _ in power * point.0 }
            }
            #expect(abs(sum - moment) <= 1e-13 * moment * Double(m + 1))
        }
        #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// c_k against closed forms or mpmath, at μ = 0.4, σ = 0.7.
    @Test(arguments: [
        ("1", [1, 0, 0, 0, 0]),
        ("x", [0.4, 0.7, 0, 0, 0]),
        ("x^2", [0.65, 0.56, 0.98, 0, 0]),
        // E[e^x He_k] = σ^k e^{μ + σ²/2}.
        (
            "exp(x)",
            [
                1.9059870292719226925, 1.3341909204903458847, 0.93393364434324211931,
                0.65375355104026948351, 0.45762748572818863846,
            ]
        ),
        (
            "abs(x)",
            [
                0.64730344358056151688, 0.30260358366185320048, 0.47438711005950254518,
                -0.27107834860543002581, -0.31948519657068538757,
            ]
        ),
    ]) func momentsAreExact(f: String, expected: [Double]) throws {
        let expectation = GaussianExpectation(of: try Expression(f, variables: ["x"]))
        let moments = try expectation.moments(at: GaussianParameters(mu: 0.4, sigma: 0.7))
        for (found, value) in zip(moments.c, expected) { #expect(abs(found - value) <= 1e-12) }
    }

    @Test func adaptivePanelsAgreeWithTheRulesOnSmoothFunctions() throws {
        // sin(25x) is beyond 64 nodes at σ = 1; E[sin(25x)] = e^{−25²σ²/2} sin(25μ).
        let fast = GaussianExpectation(of: try Expression("sin(25*x) + x", variables: ["x"]))
        let moments = try fast.moments(at: GaussianParameters(mu: 0.4, sigma: 0.2))
        let damping = 3.7266531720786709929e-6
        #expect(abs(moments.c[0] - (0.4 + damping * -0.5440211108893698)) <= 1e-13)
        #expect(abs(moments.c[1] - (0.2 + damping * 5 * -0.8390715290764524)) <= 1e-13)
    }

    @Test func whatDoesNotExistIsRefused() throws {
        func failure(_ f: String) throws -> QuadratureFailure? {
            let expectation = GaussianExpectation(of: try Expression(f, variables: ["x"]))
            do {
                _ = try expectation.moments(at: GaussianParameters(mu: 0, sigma: 1))
                return nil
            } catch { return error }
        }
        #expect(try failure("exp(x^2)") == .noConvergence)
        #expect(try failure("exp(x^2/2)") == .noConvergence)
        #expect(try failure("1/x^2") != nil)
        guard case .undefined(let cause) = try failure("log(x)") else {
            Issue.record("log of negative numbers")
            return
        }
        #expect(cause.subexpression == "log(x)")
        // Undefined only where the Gaussian is not.
        #expect(try failure("sqrt(x + 30)") == nil)
    }

    @Test func workIsBounded() throws {
        let expectation = GaussianExpectation(of: try Expression("abs(x)", variables: ["x"]), work: 1000)
        #expect(throws: QuadratureFailure.tooMuchWork) {
            for _ in 0..<100 { _ = try expectation.moments(at: GaussianParameters(mu: 0, sigma: 1)) }
        }
    }
}
