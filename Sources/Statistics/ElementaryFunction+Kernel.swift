import CKernels

extension ElementaryFunction {
    public func callAsFunction(_ x: Double) -> Double {
        switch self {
        case .exp: ck_exp1(x)
        case .expm1: ck_expm1_1(x)
        case .log: ck_log1(x)
        case .log1p: ck_log1p_1(x)
        case .sin: ck_sin1(x)
        case .cos: ck_cos1(x)
        case .tan: ck_tan1(x)
        case .tanh: ck_tanh1(x)
        case .erf: ck_erf1(x)
        case .erfc: ck_erfc1(x)
        case .sigmoid: ck_sigmoid1(x)
        case .softplus: ck_softplus1(x)
        case .normalCDF: ck_normal_cdf1(x)
        }
    }

    /// y[i] = f(x[i]); `y` has the count of `x` and may be the same memory.
    public func apply(to x: UnsafeBufferPointer<Double>, into y: UnsafeMutableBufferPointer<Double>) {
        precondition(x.count == y.count, "as many results as arguments")
        kernel(ck_selected(), x.baseAddress, y.baseAddress, x.count)
    }

    private typealias Kernel = @convention(c) (
        ck_instruction_set, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int
    ) -> Void

    private var kernel: Kernel {
        switch self {
        case .exp: ck_exp
        case .expm1: ck_expm1
        case .log: ck_log
        case .log1p: ck_log1p
        case .sin: ck_sin
        case .cos: ck_cos
        case .tan: ck_tan
        case .tanh: ck_tanh
        case .erf: ck_erf
        case .erfc: ck_erfc
        case .sigmoid: ck_sigmoid
        case .softplus: ck_softplus
        case .normalCDF: ck_normal_cdf
        }
    }

    /// x to the power y; NaN where x < 0 and y is no integer.
    public static func power(_ x: Double, _ y: Double) -> Double { ck_pow1(x, y) }

    /// result[i] = x[i] to the power y[i]; all of one count, `result` may be either's memory.
    public static func power(
        _ x: UnsafeBufferPointer<Double>, _ y: UnsafeBufferPointer<Double>,
        into result: UnsafeMutableBufferPointer<Double>
    ) {
        precondition(x.count == result.count && y.count == result.count, "as many results as arguments")
        ck_pow(ck_selected(), x.baseAddress, y.baseAddress, result.baseAddress, x.count)
    }

    /// Sine and cosine of x at little more than the price of one; all of one count, the
    /// results apart from each other.
    public static func sineAndCosine(
        of x: UnsafeBufferPointer<Double>, sine: UnsafeMutableBufferPointer<Double>,
        cosine: UnsafeMutableBufferPointer<Double>
    ) {
        precondition(x.count == sine.count && x.count == cosine.count, "as many results as arguments")
        ck_sincos(ck_selected(), x.baseAddress, sine.baseAddress, cosine.baseAddress, x.count)
    }
}

extension SingleElementaryFunction {
    public func callAsFunction(_ x: Float) -> Float {
        switch self {
        case .exp: ck_expf1(x)
        case .log: ck_logf1(x)
        case .tanh: ck_tanhf1(x)
        case .sigmoid: ck_sigmoidf1(x)
        case .softplus: ck_softplusf1(x)
        }
    }

    /// y[i] = f(x[i]); `y` has the count of `x` and may be the same memory.
    public func apply(to x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
        precondition(x.count == y.count, "as many results as arguments")
        kernel(ck_selected(), x.baseAddress, y.baseAddress, x.count)
    }

    private typealias Kernel = @convention(c) (
        ck_instruction_set, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
    ) -> Void

    private var kernel: Kernel {
        switch self {
        case .exp: ck_expf
        case .log: ck_logf
        case .tanh: ck_tanhf
        case .sigmoid: ck_sigmoidf
        case .softplus: ck_softplusf
        }
    }
}
