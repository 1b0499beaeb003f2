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

    /// Blocks `first`, `first` + 1, …, four words each; the count of `words` is a multiple
    /// of four.
    public func fill(_ words: UnsafeMutableBufferPointer<UInt32>, fromBlock first: UInt64) {
        precondition(words.count.isMultiple(of: 4), "whole blocks")
        ck_philox_fill(ck_selected(), seed, stream, first, words.count / 4, words.baseAddress)
    }
}
