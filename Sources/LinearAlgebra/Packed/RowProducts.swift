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
        let storage = Storage()
        let row = PackedRows(rows: 1, columns: columns, precision: .float32, in: storage)
        let all = GroupList.all(row.groups, in: storage)
        let dense = vectors.map { vector in
            let copy = storage.make(Float.self, count: PackedRows.padded(columns))
            copy.update(from: vector, count: columns)
            return copy
        } + [row.floats]
        var products = dense.map { _ in [Float](repeating: 0, count: rows.count) }
        for j in rows {
            fill(j, row.floats)
            for (k, x) in dense.enumerated() {
                // Its only row has the number that the list of groups begins with: 0.
                row.dot(
                    rows: all, count: 1, with: x, groups: .init(numbers: all, count: row.groups),
                    into: &products[k][j - rows.lowerBound])
            }
        }
        return products
    }
}
