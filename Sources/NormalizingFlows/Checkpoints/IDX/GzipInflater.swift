import CZlib

/// A gzip stream, decompressed piece by piece.
struct GzipInflater: ~Copyable {
    private let bytes: MappedBytes
    private var position = 0
    private var isFinished = false
    // On the heap: zlib's state points back to its z_stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ bytes: MappedBytes) throws(CheckpointError) {
        self.bytes = bytes
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15: the largest window; 16: a gzip header, and no other.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CheckpointError(file: bytes.file.path, reason: "cannot be decompressed: zlib has no memory for it")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    mutating func read(_ count: Int, into target: inout [UInt8]) throws(CheckpointError) -> Int {
        var done = 0
        while done < count, !isFinished {
            let wanted = min(count - done, 1 << 16)
            // What is left, in portions that zlib's 32-bit count can name.
            let input = bytes.slice(at: position, count: min(bytes.count - position, 1 << 20))!
            var status = Z_OK
            var produced = 0
            var consumed = 0
            let piece = [UInt8](unsafeUninitializedCapacity: wanted) { output, initialized in
                input.withUnsafeBytes { source in
                    // zlib only reads from it; its interface is older than `const`.
                    stream.pointee.next_in = UnsafeMutablePointer(
                        mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
                    stream.pointee.avail_in = UInt32(source.count)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(wanted)
                    status = inflate(stream, Z_NO_FLUSH)
                    produced = wanted - Int(stream.pointee.avail_out)
                    consumed = source.count - Int(stream.pointee.avail_in)
                }
                initialized = produced
            }
            target.append(contentsOf: piece)
            position += consumed
            done += produced
            switch status {
            case Z_STREAM_END:
                isFinished = true
                guard position == bytes.count else { throw failure("something follows the compressed data") }
            case Z_OK where produced + consumed > 0: break
            case Z_OK, Z_BUF_ERROR: throw failure("the compressed data is cut off")
            default: throw failure("the compressed data is damaged")
            }
        }
        return done
    }

    private func failure(_ reason: String) -> CheckpointError {
        CheckpointError(file: bytes.file.path, place: "gzip, byte \(position)", reason: reason)
    }
}
