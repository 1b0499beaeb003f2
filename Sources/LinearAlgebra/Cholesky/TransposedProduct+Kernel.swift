import CKernels

/// C ← C ± Aᵀ B on parts of matrices in double precision. Each number adds its terms in order of A's rows with
/// fused multiply-add, so that its bits depend neither on the instruction set nor on how the work is
/// cut into parts.
enum TransposedProduct {
    /// The matrices are row by row; `aRow`, `bRow`, `cRow` are the numbers from one row to the next.
    ///
    /// - Parameters:
    ///   - a: (depth, rows).
    ///   - b: (depth, columns); may be `a`.
    ///   - c: (rows, columns); overlaps neither of them.
    static func subtract(
        _ a: UnsafePointer<Double>, row aRow: Int, _ b: UnsafePointer<Double>, row bRow: Int,
        from c: UnsafeMutablePointer<Double>, row cRow: Int, rows: Int, columns: Int, depth: Int
    ) {
        ck_add_transposed_product(instructionSet, -1, a, aRow, b, bRow, c, cRow, rows, columns, depth)
    }

    /// The same, added.
    static func add(
        _ a: UnsafePointer<Double>, row aRow: Int, _ b: UnsafePointer<Double>, row bRow: Int,
        to c: UnsafeMutablePointer<Double>, row cRow: Int, rows: Int, columns: Int, depth: Int
    ) {
        ck_add_transposed_product(instructionSet, 1, a, aRow, b, bRow, c, cRow, rows, columns, depth)
    }

    /// Σ a[k] b[k] in 16 fixed lanes.
    static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
        ck_dot(instructionSet, a, b, count)
    }

    /// x ← factor · x
    static func scale(_ x: UnsafeMutablePointer<Double>, by factor: Double, count: Int) {
        ck_affine(instructionSet, 0, factor, x, x, count)
    }
}
