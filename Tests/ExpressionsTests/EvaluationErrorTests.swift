import Expressions
import Testing

@Suite struct EvaluationErrorTests {
    private func failure(
        _ source: String, _ outputs: [Expression.Output] = [.value], at x: Double
    ) throws -> EvaluationError? {
        let program = try Expression(source, variables: ["x"]).program(outputs)
        do {
            _ = try Workspace(program, width: 1).values(at: [x])
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("x + log(x - 1)", -0.5, "log(x - 1) is undefined where x - 1 = -1.5, x = -0.5"),
        ("2*sqrt(x)", -4, "sqrt(x) is undefined where x = -4.0"),
        ("1/x", 0, "1/x is not finite where x = 0.0"),
        ("exp(exp(x))", 10, "exp(exp(x)) is not finite where exp(x) = 22026.465794806718, x = 10.0"),
        ("exp(x) - exp(x + 1)", 1000, "exp(x) is not finite where x = 1000.0"),
        ("x^0.3", -1, "x^0.3 is undefined where x = -1.0"),
        ("x + log(-1)", 2, "log(-1) is undefined where x = 2.0"),
        ("x/(2 - 2)", 1, "x/(2 - 2) is not finite where x = 1.0, 2 - 2 = 0.0"),
        ("min(log(x), 0)", -1, "log(x) is undefined where x = -1.0"),
        ("max(0, log(x))", -1, "log(x) is undefined where x = -1.0"),
        ("log(x)^0", -1, "log(x) is undefined where x = -1.0"),
        ("x^-2", 0, "x^-2 is not finite where x = 0.0"),
        ("(x/0)*0", 1, "x/0 is not finite where x = 1.0"),
    ]) func theErrorNamesTheSubexpressionAndTheValue(
        source: String, x: Double, description: String
    ) throws {
        #expect(try failure(source, at: x)?.description == description)
    }

    @Test func aDerivativeIsUndefinedWhereItsFunctionIs() throws {
        // 1/x would be −1 there.
        let error = try #require(try failure("log(x)", [.derivative(0)], at: -1))
        #expect(error.description == "the derivative of log(x) is undefined where x = -1.0")
        #expect(error.isDerivative)
        #expect(try failure("log(x)", [.secondDerivative(0, 0)], at: -1) != nil)
    }

    @Test func aDerivativeMayFailWhereItsFunctionDoesNot() throws {
        #expect(try failure("sqrt(x)", at: 0) == nil)
        let error = try #require(try failure("sqrt(x)", [.derivative(0)], at: 0))
        #expect(error.description == "the derivative of sqrt(x) is not finite where x = 0.0")
        #expect(error.reason == .infinite)
    }

    @Test(arguments: ["exp(-1/x^2)", "tanh(1/x)", "1/(1/x)", "sigmoid(-exp(1/x))"])
    func anInfinityOnTheWayToAFiniteValueIsNoError(source: String) throws {
        #expect(try failure(source, at: 0) == nil)
    }
}
