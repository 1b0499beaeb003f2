/// A matrix in memory that somebody else owns, in single precision.
///
/// Element (i, j) is `elements[i · rowStride + j · columnStride]`, and one of the strides is 1. Rows or
/// columns may be chosen by an index: then row i stands for row `rowIndex[i]`.
public struct MatrixView: BitwiseCopyable {
    public let elements: UnsafePointer<Float>
    public let rowStride, columnStride: Int
    public let rowIndex, columnIndex: UnsafePointer<UInt32>?

    /// - Parameters:
    ///   - stride: from one row to the next.
    ///   - rowIndex, columnIndex: which rows and columns there are; all where they are nil.
    public init(
        _ elements: UnsafePointer<Float>, stride: Int, rowIndex: UnsafePointer<UInt32>? = nil,
        columnIndex: UnsafePointer<UInt32>? = nil
    ) {
        self.init(elements, stride, 1, rowIndex, columnIndex)
    }

    private init(
        _ elements: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int,
        _ rowIndex: UnsafePointer<UInt32>?, _ columnIndex: UnsafePointer<UInt32>?
    ) {
        self.elements = elements
        self.rowStride = rowStride
        self.columnStride = columnStride
        self.rowIndex = rowIndex
        self.columnIndex = columnIndex
    }

    /// The same numbers as the transposed matrix.
    public var transposed: MatrixView { MatrixView(elements, columnStride, rowStride, columnIndex, rowIndex) }
}
