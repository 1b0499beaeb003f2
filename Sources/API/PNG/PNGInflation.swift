import CZlib

/// Inflates a PNG's pixels ahead of the decoder, and no further than they go: some kilobytes of a file may
/// hold gigabytes, all of which the decoder would inflate in order to leave them out.
final class PNGInflation {
    /// zlib knows the stream by its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let expected: Int
    private var count = 0
    private var isAtEnd = false

    /// - Parameter expected: bytes of all rows.
    init(expecting expected: Int) throws(PNGError) {
        self.expected = expected
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .malformed(reason: "zlib has no memory for it") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates the data of a chunk. What is damaged is left for the decoder to name.
    ///
    /// - Throws: `PNGError.malformed` where there is more than the rows take.
    func take(_ data: ArraySlice<UInt8>) throws(PNGError) {
        if isAtEnd { return }
        var output = [UInt8](repeating: 0, count: min(expected + 1, 32 << 10))
        let fits = data.withUnsafeBytes { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
            return output.withUnsafeMutableBufferPointer { output in
                while stream.pointee.avail_in > 0 {
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(min(output.count, expected + 1 - count))
                    let space = stream.pointee.avail_out
                    let status = inflate(stream, Z_NO_FLUSH)
                    count += Int(space - stream.pointee.avail_out)
                    if count > expected { return false }
                    if status != Z_OK {
                        isAtEnd = true
                        return true
                    }
                }
                return true
            }
        }
        guard fits else { throw .malformed(reason: "its data goes on after the last pixel") }
    }
}
