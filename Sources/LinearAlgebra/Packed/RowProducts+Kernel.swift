import CKernels

/// Products of a matrix, wherever its rows come from, with a few dense vectors.
public enum RowProducts {
    /// w_j · x for some rows j and each x, in 32 fixed lanes.
    ///
    /// - Parameters:
    ///   - columns: of the matrix; each x has as many entries.
    ///   - fill: writes row j of the matrix.
    /// - Returns: a row of products for each x, then one of ‖w_j‖².
    public static func of(
        rows: Range<Int>, columns: Int, with vectors: [[Float]],
        fill: (_ j: Int, _ row: UnsafeMutablePointer<Float>) -> Void
    ) -> [[Float]] {
        precondition(vectors.allSatisfy { $0.count == columns })
        let groups = (0..<PackedRows.groups(columns)).map { UInt32($0) }
        let padding = [Float](repeating: 0, count: groups.count * PackedRows.group - columns)
        let dense = vectors.map { $0 + padding }
        var row = [Float](repeating: 0, count: groups.count * PackedRows.group)
        var products = [[Float]](
            repeating: Array(repeating: 0, count: rows.count), count: vectors.count + 1)
        for (place, j) in rows.enumerated() {
            row.withUnsafeMutableBufferPointer { row in
                guard let row = row.baseAddress else { return }
                fill(j, row)
                func product(with x: UnsafePointer<Float>) -> Float {
                    var result: Float = 0
                    ck_dot_rows_f32(instructionSet, row, 0, [0], 1, x, &result, groups, groups.count)
                    return result
                }
                for (k, x) in dense.enumerated() { products[k][place] = product(with: x) }
                products[dense.count][place] = product(with: row)
            }
        }
        return products
    }
}
