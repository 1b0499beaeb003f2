/// The entries of a vector that are not 0: `count` indices in rising order and their values.
/// Room is fixed at creation. A workspace's own: not for sharing between threads.
public final class SparseVector {
    public let index: AlignedBuffer<UInt32>
    public let value: AlignedBuffer<Float>
    public private(set) var count = 0

    /// - Parameter capacity: the length of the dense vectors that this one can hold.
    public init(capacity: Int) {
        // The kernels write up to eight entries past the last one they keep.
        index = AlignedBuffer(count: capacity + 8)
        value = AlignedBuffer(count: capacity + 8)
    }

    func resize(_ count: Int) {
        precondition(count + 8 <= index.count)
        self.count = count
    }

    /// dense[index[k]] ← value[k]; what `dense` holds elsewhere stays.
    public func scatter(into dense: UnsafeMutablePointer<Float>) {
        for k in 0..<count { dense[Int(index.pointer[k])] = value.pointer[k] }
    }

    /// dense[index[k]] ← 0: undoes `scatter` in a vector that was 0.
    public func clear(in dense: UnsafeMutablePointer<Float>) {
        for k in 0..<count { dense[Int(index.pointer[k])] = 0 }
    }
}
