import CKernels

extension Philox {
    /// The four words of block `index`.
    public func block(at index: UInt64) -> SIMD4<UInt32> {
        var words = SIMD4<UInt32>()
        withUnsafeMutableBytes(of: &words) { bytes in
            ck_philox(seed, stream, index, bytes.bindMemory(to: UInt32.self).baseAddress!)
        }
        return words
    }
}
