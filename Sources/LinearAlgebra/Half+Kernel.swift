import CKernels

/// The widest kernels this machine can run; all give the same bits.
let kernelPath = ck_best()

/// Conversions between binary32 and binary16 (to nearest, ties to even).
public enum Half {
    public static func convert(
        _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<UInt16>, count: Int
    ) {
        ck_half_from_float(kernelPath, source, target, count)
    }

    public static func convert(
        _ source: UnsafePointer<UInt16>, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        ck_float_from_half(kernelPath, source, target, count)
    }
}
