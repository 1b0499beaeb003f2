extension PackedLinear {
    /// acc ← b + W x, x sparse. Additions run in order of the inputs.
    public func forward(_ x: SparseVector, into acc: UnsafeMutablePointer<Float>) {
        start(acc)
        weights.accumulate(x.index.pointer, x.value.pointer, count: x.count, into: acc)
    }

    /// out[k] ← (Wᵀ g)[index[k]] for the inputs that are asked for, from a dense `g` of `stride`
    /// entries: a dot product a row, in 32 fixed lanes.
    public func transposedDot(
        _ index: UnsafePointer<UInt32>, count: Int, with g: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        weights.dot(index, count: count, with: g, into: out)
    }

    /// acc ← Wᵀ g for a sparse g, whole: a sum of output-major rows in order of the outputs.
    /// `acc` has `transposedStride` entries. Needs the transposed copy.
    public func transposedSum(
        _ index: UnsafePointer<UInt32>, _ value: UnsafePointer<Float>, count: Int,
        into acc: UnsafeMutablePointer<Float>
    ) {
        acc.update(repeating: 0, count: transposedStride)
        transposed!.accumulate(index, value, count: count, into: acc)
    }

    /// Whether `transposedSum` may be called.
    public var hasTransposed: Bool {
        switch transposed {
        case .some: true
        case .none: false
        }
    }
}
