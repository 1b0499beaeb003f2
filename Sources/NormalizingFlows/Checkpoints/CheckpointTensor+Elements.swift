import LinearAlgebra

extension CheckpointTensor {
    /// All elements in row-major order, as Float: exact, whatever the element type. O(count).
    public func floats() -> [Float] {
        switch elementType {
        case .float32: gather(UInt32.self) { Float(bitPattern: $0) }
        case .float16: gather(UInt16.self) { Float(binary16: $0) }
        case .bfloat16: gather(UInt16.self) { Float(bfloat16: $0) }
        }
    }

    /// All elements in row-major order, as the bits of IEEE binary16: rounded to nearest, ties to
    /// even, infinite from 65520 on. Exact where the element type is float16. O(count).
    public func halves() -> [UInt16] {
        switch elementType {
        case .float32: gather(UInt32.self) { Float(bitPattern: $0).binary16 }
        case .float16: gather(UInt16.self) { $0 }
        case .bfloat16: gather(UInt16.self) { Float(bfloat16: $0).binary16 }
        }
    }

    /// Calls `body` with what ``halves()`` yields: in the file itself where they are stored like that.
    func withHalves<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt16>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if isContiguous {
            let result = try bytes.withUnsafeBytes { (bytes) throws(Failure) -> Result? in
                guard let halves = halves(in: bytes) else { return nil }
                return try body(halves)
            }
            if let result { return result }
        }
        return try halves().withUnsafeBufferPointer { (halves) throws(Failure) in try body(halves) }
    }

    /// The bytes of one row of a matrix, as they are stored: `shape[1]` little-endian elements of
    /// `elementType`, at any alignment. In the file itself where the row's elements are neighbours;
    /// gathered into a temporary copy where they are not. The pointer is valid within `body` only.
    public func withRow<Result, Failure: Error>(
        _ row: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(shape.count == 2, "rows are of matrices")
        precondition(row >= 0 && row < shape[0], "the row is in the matrix")
        let columns = shape[1]
        let size = elementType.size
        if columns <= 1 || strides[1] == 1 {
            let start = columns == 0 ? 0 : row * strides[0] * size
            return try bytes.withUnsafeBytes { (all) throws(Failure) in
                try body(UnsafeRawBufferPointer(rebasing: all[start..<start + columns * size]))
            }
        }
        let copy = [UInt8](unsafeUninitializedCapacity: columns * size) { target, initialized in
            bytes.withUnsafeBytes { all in
                for column in 0..<columns {
                    let source = (row * strides[0] + column * strides[1]) * size
                    for byte in 0..<size { target.initializeElement(at: column * size + byte, to: all[source + byte]) }
                }
            }
            initialized = columns * size
        }
        return try copy.withUnsafeBufferPointer { (row) throws(Failure) in try body(UnsafeRawBufferPointer(row)) }
    }

    /// One row of a matrix in single precision. `target` has room for `shape[1]` numbers.
    func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
        withRow(row) { bytes in
            guard let start = bytes.baseAddress else { return }
            if let halves = halves(in: bytes)?.baseAddress {
                return Half.convert(halves, to: target, count: shape[1])
            }
            for index in 0..<shape[1] {
                target[index] = switch elementType {
                case .float32: Float(bitPattern: load(start, index))
                case .float16: Float(binary16: load(start, index))
                case .bfloat16: Float(bfloat16: load(start, index))
                }
            }
        }
    }

    /// This tensor's bytes as binary16 numbers, where they are stored as such and in this machine's byte order.
    private func halves(in bytes: UnsafeRawBufferPointer) -> UnsafeBufferPointer<UInt16>? {
        #if _endian(little)
        guard elementType == .float16, UInt(bitPattern: bytes.baseAddress) % 2 == 0 else { return nil }
        return bytes.assumingMemoryBound(to: UInt16.self)
        #else
        return nil
        #endif
    }

    /// Every element through `convert`, in row-major order.
    @inline(__always)
    private func gather<Stored: FixedWidthInteger, Element>(
        _ stored: Stored.Type, _ convert: (Stored) -> Element
    ) -> [Element] {
        // A tensor without gaps is one long row, whatever its shape.
        let (shape, strides) = isContiguous ? ([count], [1]) : (shape, strides)
        return [Element](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBytes { all in
                forEachRow(shape, strides) { start, length, stride in
                    let row = all.baseAddress! + start * MemoryLayout<Stored>.size
                    let output = target.baseAddress! + initialized
                    if stride == 1 {  // apart, since only this one can become vector code
                        for index in 0..<length { (output + index).initialize(to: convert(load(row, index))) }
                    } else {
                        for index in 0..<length { (output + index).initialize(to: convert(load(row, index * stride))) }
                    }
                    initialized += length
                }
            }
        }
    }

    @inline(__always)
    private func load<Stored: FixedWidthInteger>(_ row: UnsafeRawPointer, _ index: Int) -> Stored {
        Stored(littleEndian: row.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
    }

    /// Where each innermost row begins, its length and its stride, in row-major order.
    @inline(__always)
    private func forEachRow(_ shape: [Int], _ strides: [Int], _ body: (Int, Int, Int) -> Void) {
        guard !shape.contains(0) else { return }
        guard let length = shape.last, let stride = strides.last else { return body(0, 1, 1) }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var start = 0
        while true {
            body(start, length, stride)
            var dimension = index.count - 1
            while dimension >= 0, index[dimension] == shape[dimension] - 1 {
                start -= index[dimension] * strides[dimension]
                index[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
            index[dimension] += 1
            start += strides[dimension]
        }
    }
}
