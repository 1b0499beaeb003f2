/// Where a weight matrix comes from, row-major: binary16 bits or binary32 numbers.
public enum WeightSource: Sendable {
    case halves([UInt16])
    case floats([Float])

    public var count: Int {
        switch self {
        case .halves(let values): values.count
        case .floats(let values): values.count
        }
    }

    /// The numbers in half precision, rounded where they are more precise.
    var halves: [UInt16] {
        switch self {
        case .halves(let values): values
        case .floats(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }

    /// The numbers in single precision.
    var floats: [Float] {
        switch self {
        case .floats(let values): values
        case .halves(let values):
            Array(unsafeUninitializedCapacity: values.count) { buffer, count in
                Half.convert(values, to: buffer.baseAddress!, count: values.count)
                count = values.count
            }
        }
    }

    /// w_j · x for some rows j and several dense x.
    ///
    /// - Parameter columns: of the matrix; each x has as many entries.
    /// - Returns: a row of products for each x, then one of ‖w_j‖².
    public func products(
        rows: Range<Int>, columns: Int, with vectors: [[Float]]
    ) -> [[Float]] {
        let storage = Storage(), padded = PackedRows.padded(columns)
        let row = PackedRows(rows: 1, columns: columns, precision: .float32, in: storage)
        let groups = GroupList.Segment(
            numbers: GroupList.all(row.groups, in: storage), count: row.groups)
        let dense = vectors.map { vector in
            let copy = storage.make(Float.self, count: padded)
            copy.update(from: vector, count: columns)
            return copy
        } + [row.floats]
        var products = dense.map { _ in [Float](repeating: 0, count: rows.count) }
        for j in rows {
            switch self {
            case .halves(let values):
                values.withUnsafeBufferPointer {
                    Half.convert($0.baseAddress! + j * columns, to: row.floats, count: columns)
                }
            case .floats(let values):
                values.withUnsafeBufferPointer {
                    row.floats.update(from: $0.baseAddress! + j * columns, count: columns)
                }
            }
            for (k, x) in dense.enumerated() {
                row.dot(rows: [0], count: 1, with: x, groups: groups, into: &products[k][j - rows.lowerBound])
            }
        }
        return products
    }
}
