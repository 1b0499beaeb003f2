import CKernels

/// The transcendental functions that single numbers of a reply go through: the project's
/// own kernels, so that a reply's bytes do not depend on the machine's C library.
package enum ScalarFunctions {
    package static func exp(_ x: Double) -> Double { ck_exp1(x) }
    package static func expm1(_ x: Double) -> Double { ck_expm1_1(x) }
    package static func log(_ x: Double) -> Double { ck_log1(x) }
    package static func log1p(_ x: Double) -> Double { ck_log1p_1(x) }

    /// The standard normal distribution function's inverse, by bisection to the last bit
    /// on the side of 0 where the function has its digits.
    package static func normalQuantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a probability lies between 0 and 1")
        if p > 0.5 { return -normalQuantile(1 - p) }
        var low = -39.0, high = 0.0
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return high }
            if ck_normal_cdf1(middle) < p { low = middle } else { high = middle }
        }
    }
}
