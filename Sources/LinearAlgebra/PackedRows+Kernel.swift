import CKernels

extension PackedRows {
    /// acc[j] ← acc[j] + Σ_k value[k] · row(index[k])[j], in order of k. `acc` has `stride` entries.
    func accumulate(
        _ index: UnsafePointer<UInt32>, _ value: UnsafePointer<Float>, count: Int,
        into acc: UnsafeMutablePointer<Float>
    ) {
        switch storage {
        case .halves(let buffer):
            ck_axpy_rows_f16(kernelPath, buffer.pointer, stride, index, value, count, acc, stride)
        case .floats(let buffer):
            ck_axpy_rows_f32(kernelPath, buffer.pointer, stride, index, value, count, acc, stride)
        }
    }

    /// out[k] ← row(index[k]) · g, in 32 fixed lanes. `g` has `stride` entries.
    func dot(
        _ index: UnsafePointer<UInt32>, count: Int, with g: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        switch storage {
        case .halves(let buffer):
            ck_dot_rows_f16(kernelPath, buffer.pointer, stride, index, count, g, out, stride)
        case .floats(let buffer):
            ck_dot_rows_f32(kernelPath, buffer.pointer, stride, index, count, g, out, stride)
        }
    }
}
