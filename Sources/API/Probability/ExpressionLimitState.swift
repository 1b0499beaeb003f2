import Expressions
import RareEvents

/// A limit state function that is an expression, compiled once.
package struct ExpressionLimitState: LimitStateFunction {
    let expression: Expression
    private let value: Program
    private let gradient: Program

    /// Compiles the expression and its gradient: some milliseconds for the longest ones.
    package init(_ expression: Expression) {
        self.expression = expression
        value = expression.program([.value])
        gradient = expression.program([.value] + expression.variables.indices.map { .derivative($0) })
    }

    package var dimension: Int { expression.variables.count }
    package var cost: Int { value.instructionCount }

    package func makeEvaluator(width: Int, gradient: Bool) -> any LimitStateEvaluator {
        Evaluator(gradient ? self.gradient : value, width: width)
    }

    /// Bytes that evaluators of this many points take on each of some threads, at most.
    func memory(width: Int, threads: Int) -> Int {
        threads * max(Workspace.bytes(for: value, width: width), Workspace.bytes(for: gradient, width: 64))
    }

    /// Why the function has no value at a point, in a sentence.
    func failure(at point: [Double]) -> String {
        guard let failure = value.firstFailure(at: point) else {
            let place = zip(expression.variables, point).prefix(Self.mostNamed).map { "\($0) = \($1)" }
            return "it is not a number where \(place.joined(separator: ", "))"
        }
        return failure.description(naming: Self.mostNamed)
    }

    /// Variables that an error names with their values.
    private static let mostNamed = 10

    private final class Evaluator: LimitStateEvaluator {
        private let workspace: Workspace

        init(_ program: Program, width: Int) { workspace = Workspace(program, width: width) }

        func input(_ j: Int) -> UnsafeMutablePointer<Double> { workspace.inputAddress(j) }

        func evaluate(count: Int) -> UnsafePointer<Double> {
            workspace.evaluate(count: count)
            return workspace.outputAddress(0)
        }

        func derivative(_ j: Int) -> UnsafePointer<Double> { workspace.outputAddress(1 + j) }
    }
}
