extension PackedRows {
    /// Fills the rows with a weight matrix W (outputs, inputs), in either order.
    ///
    /// - Parameters:
    ///   - source: W row-major.
    ///   - transposing: whether the rows are W's inputs, rather than its outputs.
    ///   - order: which output and which input of W stands at each place.
    func pack(_ source: WeightSource, transposing: Bool, order: UnitOrder) {
        switch precision {
        case .float16:
            source.withHalves { pack($0, transposing, order, halves) }
        case .float32:
            source.withFloats { floats in
                floats.withMemoryRebound(to: UInt32.self) { bits in
                    self.floats.withMemoryRebound(to: UInt32.self, capacity: rows * stride) {
                        pack(bits, transposing, order, $0)
                    }
                }
            }
        }
    }

    private func pack<Bits: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafeBufferPointer<Bits>, _ transposing: Bool, _ order: UnitOrder,
        _ target: UnsafeMutablePointer<Bits>
    ) {
        guard let source = source.baseAddress else { return }
        let outputs = order.outputs.map { source + $0 * order.inputs.count }
        guard transposing else {
            order.inputs.withUnsafeBufferPointer { inputs in
                for (j, from) in outputs.enumerated() {
                    let row = target + j * stride
                    for i in inputs.indices { row[i] = from[inputs[i]] }
                }
            }
            return
        }
        var rows = order.inputs.map { _ in target }
        for (place, input) in order.inputs.enumerated() { rows[input] = target + place * stride }
        rows.withUnsafeBufferPointer { rows in
            // A group of W's rows at a time, so that they stay in the caches.
            for first in Swift.stride(from: 0, to: outputs.count, by: Self.group) {
                outputs[first..<min(first + Self.group, outputs.count)].withUnsafeBufferPointer {
                    Self.transpose($0, to: rows, at: first)
                }
            }
        }
    }

    /// rows[i][first + j] ← columns[j][i] for a group of columns or fewer. Whole groups in words: the
    /// processor has few stores under way at a time, and each row is far from the next.
    @inline(__always)
    private static func transpose<Bits: FixedWidthInteger & UnsignedInteger>(
        _ columns: UnsafeBufferPointer<UnsafePointer<Bits>>,
        to rows: UnsafeBufferPointer<UnsafeMutablePointer<Bits>>, at first: Int
    ) {
        guard columns.count == group else {
            for i in rows.indices {
                for j in columns.indices { rows[i][first + j] = columns[j][i] }
            }
            return
        }
        let share = UInt64.bitWidth / Bits.bitWidth
        for i in rows.indices {
            let row = UnsafeMutableRawPointer(rows[i] + first)
            for number in 0..<group / share {
                var word: UInt64 = 0
                for k in 0..<share { word |= UInt64(columns[number * share + k][i]) << (k * Bits.bitWidth) }
                row.storeBytes(of: word.littleEndian, toByteOffset: 8 * number, as: UInt64.self)
            }
        }
    }
}

/// At which place of a packed map each output and each input of a weight matrix stands: entry p is
/// the one at place p.
public struct UnitOrder: Sendable {
    public var outputs, inputs: [Int]

    public init(outputs: [Int], inputs: [Int]) {
        self.outputs = outputs
        self.inputs = inputs
    }

    /// Everything at its own place.
    public init(outputs: Int, inputs: Int) {
        self.init(outputs: Array(0..<outputs), inputs: Array(0..<inputs))
    }
}
