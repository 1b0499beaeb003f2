import LinearAlgebra

extension Matrix {
    /// A matrix from its rows.
    ///
    /// - Parameters:
    ///   - name: what errors call it.
    ///   - rowCount, columnCount: the sizes that it must have; any number of rows where nil.
    /// - Throws: `LayerError` where a size is another or a number is not finite.
    init(
        _ name: String, rows: [[Double]], rowCount: Int? = nil, columnCount: Int
    ) throws(LayerError) {
        if let rowCount, rows.count != rowCount {
            throw LayerError(name, reason: "must have \(rowCount) rows, not \(rows.count)")
        }
        for (i, row) in rows.enumerated() {
            guard row.count == columnCount else {
                throw LayerError(
                    name, "\(i)", reason: "must have \(columnCount) numbers, not \(row.count)")
            }
            try row.requireFinite(name, "\(i)")
        }
        self.init(rows: rows.count, columns: columnCount, elements: rows.flatMap { $0 })
    }
}

extension [Double] {
    /// Throws where a number is not finite, blaming it by `path` and its index.
    func requireFinite(_ path: String...) throws(LayerError) {
        guard let index = firstIndex(where: { !$0.isFinite }) else { return }
        throw LayerError(path: path + ["\(index)"], reason: "must be a finite number")
    }
}
