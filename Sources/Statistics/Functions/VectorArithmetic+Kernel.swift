import CKernels

/// Arithmetic and sums over blocks of doubles, the same bits on every machine.
///
/// For inner loops over memory that outlives them: every function takes pointers, none
/// allocates, and a result may overwrite an operand.
public enum VectorArithmetic {
    /// result[i] = offset + factor · x[i].
    @inline(__always)
    public static func affine(
        _ offset: Double, _ factor: Double, _ x: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_affine(instructionSet, offset, factor, x, result, count)
    }

    /// result[i] = a[i] + b[i].
    public static func add(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_add(instructionSet, a, b, result, count)
    }

    /// result[i] = a[i] − b[i].
    public static func subtract(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_subtract(instructionSet, a, b, result, count)
    }

    /// result[i] = a[i] · b[i].
    public static func multiply(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_multiply(instructionSet, a, b, result, count)
    }

    /// result[i] = √x[i].
    public static func squareRoot(
        _ x: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_square_root(instructionSet, x, result, count)
    }

    /// result[i] = |magnitude[i]| with the sign of sign[i].
    public static func copySign(
        magnitude: UnsafePointer<Double>, sign: UnsafePointer<Double>,
        into result: UnsafeMutablePointer<Double>, count: Int
    ) {
        ck_copy_sign(instructionSet, magnitude, sign, result, count)
    }

    /// Σ x[i], in 16 fixed lanes.
    public static func sum(_ x: UnsafePointer<Double>, count: Int) -> Double {
        ck_sum(instructionSet, x, count)
    }

    /// Σ a[i] b[i], in 16 fixed lanes.
    public static func dot(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int
    ) -> Double {
        ck_dot(instructionSet, a, b, count)
    }

    /// Σ (x[i] − center)², in 16 fixed lanes.
    public static func squaredDeviations(
        of x: UnsafePointer<Double>, from center: Double, count: Int
    ) -> Double {
        ck_squared_deviations(instructionSet, x, center, count)
    }
}

private let instructionSet = ck_selected()
