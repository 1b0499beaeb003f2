import CKernels
import SeededRandom

typealias Kernel = @convention(c) (ck_instruction_set, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?, Int) -> Void
typealias SingleKernel = @convention(c) (ck_instruction_set, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
typealias Fill = @convention(c) (ck_instruction_set, UInt64, UInt64, UInt64, Int, UnsafeMutablePointer<Double>?) -> Void

let kernels: [String: (array: Kernel, one: @convention(c) (Double) -> Double)] = [
    "exp": (ck_exp, ck_exp1), "expm1": (ck_expm1, ck_expm1_1),
    "log": (ck_log, ck_log1), "log1p": (ck_log1p, ck_log1p_1),
    "sin": (ck_sin, ck_sin1), "cos": (ck_cos, ck_cos1), "tan": (ck_tan, ck_tan1),
    "tanh": (ck_tanh, ck_tanh1), "erf": (ck_erf, ck_erf1), "erfc": (ck_erfc, ck_erfc1),
    "sigmoid": (ck_sigmoid, ck_sigmoid1), "softplus": (ck_softplus, ck_softplus1),
    "normalCDF": (ck_normal_cdf, ck_normal_cdf1),
]

let singleKernels: [String: (array: SingleKernel, one: @convention(c) (Float) -> Float)] = [
    "exp": (ck_expf, ck_expf1), "log": (ck_logf, ck_logf1), "tanh": (ck_tanhf, ck_tanhf1),
    "sigmoid": (ck_sigmoidf, ck_sigmoidf1), "softplus": (ck_softplusf, ck_softplusf1),
]

let fills: [String: Fill] = [
    "uniform": ck_uniform, "logistic": ck_logistic, "exponential": ck_exponential, "normal": ck_normal,
]

func map(_ kernel: Kernel, _ x: [Double], on set: ck_instruction_set) -> [Double] {
    var y = [Double](repeating: 0, count: x.count)
    kernel(set, x, &y, x.count)
    return y
}

func map(_ kernel: SingleKernel, _ x: [Float], on set: ck_instruction_set) -> [Float] {
    var y = [Float](repeating: 0, count: x.count)
    kernel(set, x, &y, x.count)
    return y
}

extension [Double] {
    var bits: [UInt64] { map(\.bitPattern) }
}

extension [Float] {
    var bits: [UInt32] { map(\.bitPattern) }
}

/// 64 random bits that are a function of `index`.
func word(_ index: Int) -> UInt64 {
    var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) {
        ck_philox(0x5eed, 7, UInt64(index), $0.bindMemory(to: UInt32.self).baseAddress)
    }
    return UInt64(words.0) | UInt64(words.1) << 32
}

/// Every special value, doubles of any bits, and doubles of ordinary sizes.
let awkwardArguments: [Double] = {
    let special: [Double] = [
        0, 1, 2, 0.5, 0x1p-54, 0x1p-28, 0x1p28, 0x1p52, 0x1p1023, 22, 708, 710, 745, 27.25, .infinity,
        .greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, .pi, 0x1.6a09e667f3bcdp0,
    ]
    let edges = special.flatMap { [$0, -$0, $0.nextUp, -$0.nextUp, $0.nextDown, -$0.nextDown] }
    let anyBits = (0..<2000).map { Double(bitPattern: word($0)) }
    let ordinary = (0..<2000).map { i in
        let size: [Double] = [1, 10, 1000, 1e6]
        return (Double(word(5000 + i) >> 11) * 0x1p-52 - 1) * size[i % 4]
    }
    return edges + [.nan, -.nan, .signalingNaN] + anyBits + ordinary
}()

/// Uniform on [−1, 1), a function of `stream`; two of three are 0 when `sparse`.
func singles(_ count: Int, stream: UInt64, sparse: Bool = false) -> [Float] {
    var generator = SplitMix64(seed: stream)
    let values = generator.singles(count)
    guard sparse else { return values }
    return values.map { generator.next() % 3 == 0 ? $0 : 0 }
}

/// Uniform on [−1, 1), a function of `stream`.
func doubles(_ count: Int, stream: UInt64) -> [Double] {
    var generator = SplitMix64(seed: stream)
    return generator.doubles(count)
}
