/// Rows of weights in one precision, each padded with zeros to `stride` entries.
struct PackedRows: ~Copyable {
    enum Storage: ~Copyable {
        case halves(AlignedBuffer<UInt16>)
        case floats(AlignedBuffer<Float>)
    }

    let rows: Int
    let columns: Int
    let stride: Int
    let storage: Storage

    /// Copies `rows` × `columns` values, row-major without padding, from `source`.
    init(rows: Int, columns: Int, stride: Int, source: WeightSource, precision: Precision) {
        self.rows = rows
        self.columns = columns
        self.stride = stride
        switch precision {
        case .float16:
            let buffer = AlignedBuffer<UInt16>(count: rows * stride)
            Self.copy(rows, columns) { from, count, row in
                let target = buffer.pointer + row * stride
                switch source {
                case .halves(let values):
                    values.withUnsafeBufferPointer {
                        target.update(from: $0.baseAddress! + from, count: count)
                    }
                case .floats(let values):
                    values.withUnsafeBufferPointer {
                        Half.convert($0.baseAddress! + from, to: target, count: count)
                    }
                }
            }
            storage = .halves(buffer)
        case .float32:
            let buffer = AlignedBuffer<Float>(count: rows * stride)
            Self.copy(rows, columns) { from, count, row in
                let target = buffer.pointer + row * stride
                switch source {
                case .halves(let values):
                    values.withUnsafeBufferPointer {
                        Half.convert($0.baseAddress! + from, to: target, count: count)
                    }
                case .floats(let values):
                    values.withUnsafeBufferPointer {
                        target.update(from: $0.baseAddress! + from, count: count)
                    }
                }
            }
            storage = .floats(buffer)
        }
    }

    /// Calls `body` with the place of each row in a source without padding, its length and index.
    private static func copy(_ rows: Int, _ columns: Int, _ body: (Int, Int, Int) -> Void) {
        for row in 0..<rows { body(row * columns, columns, row) }
    }

    private init(rows: Int, columns: Int, stride: Int, storage: consuming Storage) {
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.storage = storage
    }

    /// The same matrix with rows and columns exchanged, its rows padded to `stride`.
    func transposed(stride newStride: Int) -> PackedRows {
        switch storage {
        case .halves(let buffer):
            let copy = AlignedBuffer<UInt16>(count: columns * newStride)
            Self.transpose(buffer.pointer, into: copy.pointer, rows, columns, stride, newStride)
            return PackedRows(
                rows: columns, columns: rows, stride: newStride, storage: .halves(copy))
        case .floats(let buffer):
            let copy = AlignedBuffer<Float>(count: columns * newStride)
            Self.transpose(buffer.pointer, into: copy.pointer, rows, columns, stride, newStride)
            return PackedRows(
                rows: columns, columns: rows, stride: newStride, storage: .floats(copy))
        }
    }

    /// Block by block, so that both sides stay in the first-level cache.
    private static func transpose<T>(
        _ source: UnsafeMutablePointer<T>, into target: UnsafeMutablePointer<T>,
        _ rows: Int, _ columns: Int, _ stride: Int, _ newStride: Int
    ) {
        let block = 32
        for row0 in Swift.stride(from: 0, to: rows, by: block) {
            for column0 in Swift.stride(from: 0, to: columns, by: block) {
                for column in column0..<min(column0 + block, columns) {
                    let out = target + column * newStride
                    for row in row0..<min(row0 + block, rows) {
                        out[row] = source[row * stride + column]
                    }
                }
            }
        }
    }
}
