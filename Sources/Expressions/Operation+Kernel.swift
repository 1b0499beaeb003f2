import CKernels

extension Operation {
    /// The operation on two numbers (or one, and any second), with the bits of a bulk
    /// evaluation: that is what it is, over an array of one.
    func value(_ x: Double, _ y: Double) -> Double {
        var x = x
        var y = y
        var result = 0.0
        evaluate(&x, &y, &result, 1)
        return result
    }

    /// result[i] = operation(a[i], b[i]) for i < count; operations of one operand leave b
    /// alone. `result` may be an operand. Leaves and whole powers are not for it: a program
    /// has no instruction for them, and selections are part of chains.
    func evaluate(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        _ result: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        switch self {
        case .constant, .variable, .integerPower, .selection:
            preconditionFailure("leaves and whole powers are lowered before they are evaluated")
        case .negate: ck_negate(instructionSet, a, result, count)
        case .absolute: ck_absolute(instructionSet, a, result, count)
        case .sign: ck_sign(instructionSet, a, result, count)
        case .squareRoot: ck_square_root(instructionSet, a, result, count)
        case .sine: ck_sin(instructionSet, a, result, count)
        case .cosine: ck_cos(instructionSet, a, result, count)
        case .tangent: ck_tan(instructionSet, a, result, count)
        case .exponential: ck_exp(instructionSet, a, result, count)
        case .logarithm: ck_log(instructionSet, a, result, count)
        case .tanh: ck_tanh(instructionSet, a, result, count)
        case .sigmoid: ck_sigmoid(instructionSet, a, result, count)
        case .softplus: ck_softplus(instructionSet, a, result, count)
        case .erf: ck_erf(instructionSet, a, result, count)
        case .logarithmDerivative: ck_positive_reciprocal(instructionSet, a, result, count)
        case .add: ck_add(instructionSet, a, b, result, count)
        case .subtract: ck_subtract(instructionSet, a, b, result, count)
        case .multiply: ck_multiply(instructionSet, a, b, result, count)
        case .divide: ck_divide(instructionSet, a, b, result, count)
        case .power: ck_pow(instructionSet, a, b, result, count)
        case .minimum: ck_minimum(instructionSet, a, b, result, count)
        case .maximum: ck_maximum(instructionSet, a, b, result, count)
        case .lessOrEqual: ck_less_or_equal(instructionSet, a, b, result, count)
        }
    }

    /// Sine and cosine of one argument, together.
    static func sineAndCosine(
        _ x: UnsafePointer<Double>, _ sine: UnsafeMutablePointer<Double>,
        _ cosine: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        ck_sincos(instructionSet, x, sine, cosine, count)
    }
}

private let instructionSet = ck_selected()
