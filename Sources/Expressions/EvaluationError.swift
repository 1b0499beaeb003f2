/// An expression that has no value, or no finite one, at some point: which sub-expression it
/// is due to, and the values that it met.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// log(−1), 0/0, √−1.
        case undefined
        /// 1/0, exp(1000), or log(0): beyond what a double holds.
        case infinite
    }

    /// A piece of text, and what it came to.
    public struct Operand: Hashable, Sendable {
        public let text: String
        public let value: Double
    }

    /// The sub-expression that failed first, as it was written.
    public let subexpression: String
    /// Whether it is the sub-expression's derivative that has no value there.
    public let isDerivative: Bool
    public let reason: Reason
    /// What the sub-expression was applied to.
    public let operands: [Operand]
    /// The point, a value for each variable.
    public let point: [Operand]

    public var description: String { description(naming: .max) }

    /// - Parameter most: how many values to name. Those that the sub-expression was applied to come first.
    public func description(naming most: Int) -> String {
        let subject = isDerivative ? "the derivative of \(subexpression)" : subexpression
        let verdict = reason == .undefined ? "is undefined" : "is not finite"
        // A constant sub-expression fails everywhere: there is no point to name.
        var shown: [Operand] = []
        for operand in operands + point
        where Double(operand.text) == nil && !shown.contains(where: { $0.text == operand.text }) {
            shown.append(operand)
        }
        if shown.isEmpty { return "\(subject) \(verdict)" }
        let values = shown.prefix(most).map { "\($0.text) = \($0.value)" }.joined(separator: ", ")
        return "\(subject) \(verdict) where \(values)" + (shown.count > most ? ", …" : "")
    }
}
