extension PackedRows {
    /// Fills the rows with a weight matrix W (outputs, inputs), in either order.
    ///
    /// - Parameters:
    ///   - source: W row-major.
    ///   - transposing: whether the rows are W's inputs, rather than its outputs.
    ///   - order: which output and which input of W stands at each place.
    func pack(_ source: WeightSource, transposing: Bool, order: UnitOrder) {
        switch precision {
        case .float16: pack(source.halves, transposing, order, halves)
        case .float32: pack(source.floats, transposing, order, floats)
        }
    }

    private func pack<T: BitwiseCopyable>(
        _ source: [T], _ transposing: Bool, _ order: UnitOrder, _ target: UnsafeMutablePointer<T>
    ) {
        let outputs = order.outputs, inputs = order.inputs
        source.withUnsafeBufferPointer { source in
            guard transposing else {
                for j in outputs.indices {
                    let row = target + j * stride, from = source.baseAddress! + outputs[j] * inputs.count
                    for i in inputs.indices { row[i] = from[inputs[i]] }
                }
                return
            }
            // A block of W's rows at a time, so that they stay in the caches.
            for first in Swift.stride(from: 0, to: outputs.count, by: Self.group) {
                let block = first..<min(first + Self.group, outputs.count)
                for i in inputs.indices {
                    let row = target + i * stride, from = source.baseAddress! + inputs[i]
                    for j in block { row[j] = from[outputs[j] * inputs.count] }
                }
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
