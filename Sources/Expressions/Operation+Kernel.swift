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
    /// has no instruction for them.
    func evaluate(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        _ result: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        switch self {
        case .constant, .variable, .integerPower:
            preconditionFailure("leaves and whole powers are lowered before they are evaluated")
        case .negate: ck_negate(path, a, result, count)
        case .absolute: ck_absolute(path, a, result, count)
        case .sign: ck_sign(path, a, result, count)
        case .squareRoot: ck_square_root(path, a, result, count)
        case .sine: ck_sin(path, a, result, count)
        case .cosine: ck_cos(path, a, result, count)
        case .tangent: ck_tan(path, a, result, count)
        case .exponential: ck_exp(path, a, result, count)
        case .logarithm: ck_log(path, a, result, count)
        case .tanh: ck_tanh(path, a, result, count)
        case .sigmoid: ck_sigmoid(path, a, result, count)
        case .softplus: ck_softplus(path, a, result, count)
        case .erf: ck_erf(path, a, result, count)
        case .logarithmDerivative: ck_positive_reciprocal(path, a, result, count)
        case .add: ck_add(path, a, b, result, count)
        case .subtract: ck_subtract(path, a, b, result, count)
        case .multiply: ck_multiply(path, a, b, result, count)
        case .divide: ck_divide(path, a, b, result, count)
        case .power: ck_pow(path, a, b, result, count)
        case .minimum: ck_minimum(path, a, b, result, count)
        case .maximum: ck_maximum(path, a, b, result, count)
        case .lessOrEqual: ck_less_or_equal(path, a, b, result, count)
        }
    }

    /// Sine and cosine of one argument, together.
    static func sineAndCosine(
        _ x: UnsafePointer<Double>, _ sine: UnsafeMutablePointer<Double>,
        _ cosine: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        ck_sincos(path, x, sine, cosine, count)
    }
}

private let path = ck_best()
