import CKernels

extension SparseVector {
    /// Keeps the entries of dense[0 ..< count] that are > 0: ReLU.
    public func keepPositive(_ dense: UnsafePointer<Float>, count: Int) {
        resize(ck_compact_positive(kernelPath, dense, count, index.pointer, value.pointer))
    }

    /// Keeps the entries of dense[0 ..< count] that are not 0.
    public func keepNonzero(_ dense: UnsafePointer<Float>, count: Int) {
        resize(ck_compact_nonzero(kernelPath, dense, count, index.pointer, value.pointer))
    }
}
