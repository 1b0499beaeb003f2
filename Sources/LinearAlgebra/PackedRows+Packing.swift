extension PackedRows {
    /// Both orders of a matrix.
    ///
    /// - Parameters:
    ///   - source: `outputs` rows of `inputs` values.
    ///   - inputMajor: rows are inputs, columns outputs.
    ///   - outputMajor: rows are outputs, columns inputs.
    static func pack(
        _ source: WeightSource, outputs: Int, inputs: Int, inputMajor: PackedRows,
        outputMajor: PackedRows?
    ) {
        switch inputMajor.precision {
        case .float16:
            pack(
                source.halves, outputs, inputs, inputMajor.halves, inputMajor.stride,
                outputMajor?.halves, outputMajor?.stride)
        case .float32:
            pack(
                source.floats, outputs, inputs, inputMajor.floats, inputMajor.stride,
                outputMajor?.floats, outputMajor?.stride)
        }
    }

    /// Block by block, so that both sides stay in the first-level cache.
    private static func pack<T: BitwiseCopyable>(
        _ source: [T], _ outputs: Int, _ inputs: Int,
        _ inputMajor: UnsafeMutablePointer<T>, _ stride: Int,
        _ outputMajor: UnsafeMutablePointer<T>?, _ transposedStride: Int?
    ) {
        source.withUnsafeBufferPointer { source in
            let source = source.baseAddress!, block = 32
            for i0 in Swift.stride(from: 0, to: inputs, by: block) {
                for j0 in Swift.stride(from: 0, to: outputs, by: block) {
                    for i in i0..<min(i0 + block, inputs) {
                        let row = inputMajor + i * stride
                        for j in j0..<min(j0 + block, outputs) { row[j] = source[j * inputs + i] }
                    }
                }
            }
            guard let outputMajor, let transposedStride else { return }
            for j in 0..<outputs {
                (outputMajor + j * transposedStride).update(
                    from: source + j * inputs, count: inputs)
            }
        }
    }
}
