/// The gradient of a tensor's parameters for one batch, without the rows and columns that are 0 because of units
/// that no image of the batch activates.
public struct ParameterGradient {
    /// (rows, columns), `stride` numbers from one row to the next.
    public let values: UnsafePointer<Float>
    public let stride, rows, columns: Int
    /// Which row, or column, of the tensor each stands for; all in order where they are nil.
    public let rowIndex, columnIndex: UnsafePointer<UInt32>?

    /// Writes row `index` of `values` as the tensor has it to `row`, where all that is not in it is 0.
    package func expand(_ index: Int, into row: UnsafeMutablePointer<Float>) {
        let source = values + index * stride
        if let columnIndex {
            for j in 0..<columns { row[Int(columnIndex[j])] = source[j] }
        } else {
            row.update(from: source, count: columns)
        }
    }
}
