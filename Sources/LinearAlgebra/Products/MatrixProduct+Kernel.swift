import CKernels

/// A product of matrices in single precision that several threads may compute together, each some
/// columns of it.
///
/// C ← A B, A (rows, depth), B (depth, columns). Each element adds its products in order of the depth
/// with fused multiply-add, so that its bits depend on nothing but the numbers.
public struct MatrixProduct: BitwiseCopyable {
    private var kernel: ck_product
    /// Columns of C.
    public let columns: Int

    /// - Parameters:
    ///   - a: without indices.
    ///   - result: C, row by row, `stride` numbers from one row to the next; overlaps nothing else.
    public init(
        _ a: MatrixView, _ b: MatrixView, into result: UnsafeMutablePointer<Float>, stride: Int, rows: Int,
        columns: Int, depth: Int
    ) {
        precondition(a.rowIndex == nil && a.columnIndex == nil, "A has all its rows and columns")
        precondition(a.rowStride == 1 || a.columnStride == 1)
        precondition(b.rowStride == 1 || b.columnStride == 1)
        kernel = ck_product()
        kernel.a = a.elements
        kernel.a_row = a.rowStride
        kernel.a_depth = a.columnStride
        kernel.b = b.elements
        kernel.b_depth = b.rowStride
        kernel.b_column = b.columnStride
        kernel.depth_index = b.rowIndex
        kernel.column_index = b.columnIndex
        kernel.c = result
        kernel.c_row = stride
        kernel.rows = rows
        kernel.depth = depth
        self.columns = columns
    }

    /// A number a column that the sums start from.
    public func adding(bias: UnsafePointer<Float>) -> MatrixProduct {
        var product = self
        product.kernel.bias = bias
        return product
    }

    /// The sums start from what C holds.
    public func accumulating() -> MatrixProduct {
        var product = self
        product.kernel.accumulates = true
        return product
    }

    /// Sums that are not above 0 become 0.
    public func rectified() -> MatrixProduct {
        var product = self
        product.kernel.rectifies = true
        return product
    }

    /// Sums become 0 where `gate`, of C's shape, is not above 0: back-propagation through a rectifier that
    /// left `gate`.
    public func gated(by gate: UnsafePointer<Float>, stride: Int) -> MatrixProduct {
        var product = self
        product.kernel.gate = gate
        product.kernel.gate_row = stride
        return product
    }

    /// How many parts threads can share.
    public var panels: Int { (columns + Self.panel - 1) / Self.panel }

    /// The columns of a part.
    public func columns(ofPanel index: Int) -> Range<Int> {
        index * Self.panel..<min((index + 1) * Self.panel, columns)
    }

    /// Computes one part.
    public func multiply(panel index: Int) {
        let columns = columns(ofPanel: index)
        withUnsafePointer(to: kernel) {
            ck_multiply_columns(instructionSet, $0, columns.lowerBound, columns.count)
        }
    }

    private static let panel = CK_PRODUCT_COLUMNS
}

/// Sums down the columns of a matrix in single precision.
public enum ColumnSums {
    /// sums[j] ← Σ_i x(i, j), in order of i.
    ///
    /// - Parameter x: row by row, `stride` numbers from one row to the next.
    public static func sum(
        _ x: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Float>
    ) {
        ck_column_sums(instructionSet, x, stride, rows, columns, sums)
    }

    /// maxima[j] ← the largest of x(i, j) and 0; NaN where one is.
    public static func maxima(
        _ x: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int, into maxima: UnsafeMutablePointer<Float>
    ) {
        ck_column_maxima(instructionSet, x, stride, rows, columns, maxima)
    }

    /// Σ x[i]² in double precision, in 16 fixed lanes.
    public static func squares(_ x: UnsafePointer<Float>, count: Int) -> Double {
        ck_sum_of_squares(instructionSet, x, count)
    }
}
