import CZlib

/// Makes one gzip member (RFC 1952), or one zlib stream (RFC 1950), of bytes that come in pieces.
///
/// The bytes depend on the input, on where it was flushed, and on the version of zlib alone: the header holds
/// neither a time nor a name.
public struct Deflater: ~Copyable {
    /// Bytes that one deflater holds: two windows and the tables of what has come before.
    public static let memory = 272 << 10

    /// Of what is compressed for one reader: numbers in JSON take half the time of zlib's own choice, 6, and 3 in a hundred
    /// bytes more.
    public static let usualLevel = 4

    // On the heap: zlib's state points back to its z_stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: from 1, the fastest, to 9, the smallest.
    /// - Throws: ``ZlibError`` where there is no memory.
    public init(level: Int = usualLevel, _ format: Inflater.Format = .gzip) throws(ZlibError) {
        precondition(1...9 ~= level, "zlib has nine levels")
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The largest window, the usual tables.
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            throw ZlibError()
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Appends to `output` all that a reader needs in order to have every byte up to the end of `input`.
    ///
    /// O(input).
    public mutating func flush(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) {
        deflate(input, Z_SYNC_FLUSH, into: &output)
    }

    /// Appends as much as there is for now, without an end that a reader could read up to.
    ///
    /// O(input).
    public mutating func append(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) {
        deflate(input, Z_NO_FLUSH, into: &output)
    }

    /// The same as ``flush(_:into:)``, and the member's end. Nothing may follow.
    public mutating func finish(_ input: ArraySlice<UInt8> = [], into output: inout [UInt8]) {
        deflate(input, Z_FINISH, into: &output)
    }

    private mutating func deflate(_ input: ArraySlice<UInt8>, _ flush: Int32, into output: inout [UInt8]) {
        input.withUnsafeBytes { input in
            var rest = input
            var isFull = true
            while isFull || !rest.isEmpty {
                // What compresses at all fits the first time.
                let capacity = max(256, min(rest.count, 64 << 10))
                output.append(addingCapacity: capacity) { room in
                    let isLast = stream.prepare(rest, room)
                    _ = CZlib.deflate(stream, isLast ? flush : Z_NO_FLUSH)
                    let (consumed, produced) = stream.counts(rest, room)
                    rest = UnsafeRawBufferPointer(rebasing: rest[consumed...])
                    isFull = produced == room.count
                    return produced
                }
            }
        }
    }
}

extension [UInt8] {
    /// Appends what a closure writes; it says how many bytes.
    fileprivate mutating func append(
        addingCapacity capacity: Int, _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        append(
            contentsOf: [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = write(
                    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<capacity]))
            })
    }
}
