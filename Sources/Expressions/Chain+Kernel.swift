import CKernels

/// Arithmetic that passes over a block once: what its operations hand on to each other stays in registers, on a
/// stack of a few values. Written step by step by the compiler.
struct Chain: Sendable {
    /// How many values the stack holds.
    static let depth = Int(CK_CHAIN_DEPTH)

    private var steps: [ck_chain_step] = []

    /// The block in `slot` goes to place `top` of the stack.
    mutating func load(_ slot: Int, at top: Int) { append(CK_LOAD, top, slot) }

    /// The value on top is replaced by an operation on it.
    mutating func apply(_ operation: Operation, at top: Int) {
        switch operation {
        case .negate: append(CK_NEGATE, top)
        case .absolute: append(CK_ABSOLUTE, top)
        case .sign: append(CK_SIGN, top)
        case .squareRoot: append(CK_SQUARE_ROOT, top)
        case .logarithmDerivative: append(CK_POSITIVE_RECIPROCAL, top)
        default: preconditionFailure("no operation of a chain on one value")
        }
    }

    mutating func square(at top: Int) { append(CK_SQUARE, top) }

    /// operation(top, slot)
    mutating func apply(_ operation: Operation, at top: Int, with slot: Int) {
        append(Self.codes(operation).ahead, top, slot)
    }

    /// operation(slot, top)
    mutating func apply(_ operation: Operation, to slot: Int, at top: Int) {
        append(Self.codes(operation).reversed, top, slot)
    }

    /// operation(below, top), in the place below.
    mutating func applyToTwo(_ operation: Operation, at top: Int) { append(Self.codes(operation).two, top) }

    /// top ± a b
    mutating func addProduct(of a: Int, _ b: Int, subtracting: Bool, at top: Int) {
        append(subtracting ? CK_SUBTRACT_PRODUCT : CK_ADD_PRODUCT, top, a, b)
    }

    /// A condition and two values become one of them.
    mutating func select() { append(CK_SELECT, Self.depth - 1) }

    private mutating func append(_ operation: ck_chain_operation, _ top: Int, _ m: Int = 0, _ k: Int = 0) {
        steps.append(
            ck_chain_step(
                operation: UInt8(truncatingIfNeeded: operation.rawValue), top: UInt8(truncatingIfNeeded: top),
                m: UInt32(truncatingIfNeeded: m), k: UInt32(truncatingIfNeeded: k)))
    }

    private static func codes(
        _ operation: Operation
    ) -> (ahead: ck_chain_operation, reversed: ck_chain_operation, two: ck_chain_operation) {
        switch operation {
        // Sums and products commute exactly.
        case .add: (CK_ADD, CK_ADD, CK_ADD_TOP)
        case .subtract: (CK_SUBTRACT, CK_SUBTRACT_FROM, CK_SUBTRACT_TOP)
        case .multiply: (CK_MULTIPLY, CK_MULTIPLY, CK_MULTIPLY_TOP)
        case .divide: (CK_DIVIDE, CK_DIVIDE_INTO, CK_DIVIDE_TOP)
        case .minimum: (CK_MINIMUM, CK_MINIMUM_FROM, CK_MINIMUM_TOP)
        case .maximum: (CK_MAXIMUM, CK_MAXIMUM_FROM, CK_MAXIMUM_TOP)
        case .lessOrEqual: (CK_LESS_OR_EQUAL, CK_LESS_OR_EQUAL_FROM, CK_LESS_OR_EQUAL_TOP)
        default: preconditionFailure("no operation of a chain on two values")
        }
    }

    /// Runs it over the first `count` elements; slot s begins at memory + s · stride.
    func run(_ memory: UnsafeMutablePointer<Double>, stride: Int, destination: Int, count: Int) {
        steps.withUnsafeBufferPointer {
            ck_chain(instructionSet, $0.baseAddress, $0.count, memory, stride, destination, count)
        }
    }
}

private let instructionSet = ck_selected()
