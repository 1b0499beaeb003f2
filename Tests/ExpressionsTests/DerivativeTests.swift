import Expressions
import Testing

/// Smooth expressions in x and y, defined around x = 0.7, y = 1.3.
private let smooth = [
    "x*sin(x)", "x^2*y + y^3", "x^5", "x^-3", "x^y", "2^x", "x^2.5", "sqrt(x + y)", "exp(x*y)",
    "log(x^2 + y)", "tan(x)", "tanh(x*y)", "sigmoid(x - 3*y)", "softplus(2*x - y)", "erf(x*y)",
    "abs(x - 9)*y", "min(x, y)*x", "max(x, y)*y", "cos(x)/y", "(x - y)/(x + y)", "-x*-y",
    "(mu)", "sin(x)*cos(x) + tan(y)", "1/x/y", "exp(-x^2/2)/sqrt(2*pi)", "x*x*x - x*x", "x^1",
    "log(softplus(x)) - y*log(y)", "x*0 + y", "(x + y)^0 + x", "sqrt(x)^3", "e^(x*y)", "3",
]

@Suite struct DerivativeTests {
    private let point = [0.7, 1.3]

    private func workspace(_ source: String, _ outputs: [Expression.Output]) throws -> Workspace {
        let source = source.replacing("mu", with: "x")
        return Workspace(try Expression(source, variables: ["x", "y"]).program(outputs), width: 1)
    }

    /// (g(p + h) − g(p − h)) / 2h, improved by Richardson to O(h⁴).
    private func slope(_ h: Double, _ g: (Double) throws -> Double) rethrows -> Double {
        let wide = (try g(2 * h) - g(-2 * h)) / (4 * h)
        let narrow = (try g(h) - g(-h)) / (2 * h)
        return (4 * narrow - wide) / 3
    }

    @Test(arguments: smooth, 0...1) func firstDerivativesMatchDifferences(
        source: String, variable: Int
    ) throws {
        let value = try workspace(source, [.value])
        let derivative = try workspace(source, [.derivative(variable)]).values(at: point)[0]
        let numeric = try slope(1e-3) { h in
            var moved = point
            moved[variable] += h
            return try value.values(at: moved)[0]
        }
        #expect(abs(derivative - numeric) <= 1e-8 * (1 + abs(numeric)), "\(derivative) \(numeric)")
    }

    @Test(arguments: smooth, [(0, 0), (0, 1), (1, 0), (1, 1)])
    func secondDerivativesMatchDifferencesOfTheFirst(source: String, pair: (Int, Int)) throws {
        let first = try workspace(source, [.derivative(pair.0)])
        let second = try workspace(source, [.secondDerivative(pair.0, pair.1)]).values(at: point)[0]
        let numeric = try slope(1e-3) { h in
            var moved = point
            moved[pair.1] += h
            return try first.values(at: moved)[0]
        }
        #expect(abs(second - numeric) <= 1e-7 * (1 + abs(numeric)), "\(second) \(numeric)")
    }

    @Test func outputsTogetherAreTheOutputsAlone() throws {
        let outputs: [Expression.Output] = [
            .secondDerivative(0, 1), .value, .derivative(1), .derivative(0), .value,
            .secondDerivative(1, 1),
        ]
        for source in smooth {
            let together = try workspace(source, outputs).values(at: point)
            for (i, output) in outputs.enumerated() {
                #expect(try workspace(source, [output]).values(at: point) == [together[i]])
            }
        }
    }

    @Test func kinksHaveTheDerivativeOfOneBranch() throws {
        func derivative(_ source: String, at x: Double) throws -> Double {
            try workspace(source, [.derivative(0)]).values(at: [x, 0])[0]
        }
        #expect(try derivative("abs(x)", at: 0) == 0)
        #expect(try derivative("abs(x)", at: -2) == -1)
        #expect(try derivative("min(x, 3*x)", at: 0) == 1)
        #expect(try derivative("max(x, 3*x)", at: 0) == 1)
        #expect(try derivative("max(x, 3*x)", at: 1) == 3)
        #expect(try derivative("min(x, x)", at: 1) == 1)
    }

    @Test func sharedSubexpressionsAreComputedOnce() throws {
        // One sincos, one product, one sum: sin x + x cos x.
        let program = try Expression("x*sin(x)", variables: ["x"]).program([.derivative(0)])
        #expect(program.instructionCount == 3)
        let both = try Expression("x*sin(x)", variables: ["x"]).program([.value, .derivative(0)])
        #expect(both.instructionCount == 4)
    }

    @Test func aGradientCostsASmallMultipleOfItsExpression() throws {
        let names = (0..<40).map { "z\($0)" }
        let source = names.map { "sin(\($0))*exp(-\($0)^2)" }.joined(separator: "*")
        let expression = try Expression(source, variables: names)
        let gradient = expression.program(names.indices.map { .derivative($0) })
        #expect(gradient.instructionCount <= 8 * expression.program([.value]).instructionCount)
    }
}
