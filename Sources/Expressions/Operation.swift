/// What a node of an expression does with its operands.
enum Operation: UInt8, Hashable, Sendable {
    // Leaves.
    case constant, variable
    // Of one operand.
    case negate, absolute, sign, squareRoot, sine, cosine, tangent, exponential, logarithm
    case tanh, sigmoid, softplus, erf
    /// 1/x where x > 0 and undefined elsewhere: the derivative of log is defined only where
    /// log is.
    case logarithmDerivative
    /// x^n with a whole constant n, the node's immediate.
    case integerPower
    // Of two.
    case add, subtract, multiply, divide, power, minimum, maximum
    /// 1 where a ≤ b, else 0: which of its operands a minimum follows.
    case lessOrEqual
    // Of three.
    /// The first operand where the condition, the node's immediate, is not 0, else the second:
    /// the other one's value, even an undefined one, does not matter there.
    case selection

    var operandCount: Int {
        switch self {
        case .constant, .variable: 0
        case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .lessOrEqual: 2
        case .selection: 3
        default: 1
        }
    }

    /// The functions that an expression may call, by name.
    static let functions: [String: Operation] = [
        "sin": .sine, "cos": .cosine, "tan": .tangent, "exp": .exponential, "log": .logarithm,
        "sqrt": .squareRoot, "abs": .absolute, "tanh": .tanh, "sigmoid": .sigmoid,
        "softplus": .softplus, "erf": .erf, "min": .minimum, "max": .maximum,
    ]

    /// Words of the grammar, which are no variables' names.
    static let keywords: Set = ["if", "and", "or", "not"]

    static let namedConstants: [String: Double] = ["pi": .pi, "e": 2.718281828459045]
}
