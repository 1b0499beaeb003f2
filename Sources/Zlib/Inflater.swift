import CZlib

/// Restores deflated data, a piece at a time.
public struct Inflater: ~Copyable {
    /// What stands around the deflated blocks.
    public enum Format: Sendable {
        /// RFC 1952: a header, the data, a checksum.
        case gzip
        /// RFC 1950: two bytes, the data, a checksum.
        case zlib
        /// RFC 1951: nothing.
        case raw

        /// How zlib spells it: the window's logarithm, 16 more for gzip, negated for nothing.
        var windowBits: Int32 {
            switch self {
            case .gzip: 15 + 16
            case .zlib: 15
            case .raw: -15
            }
        }
    }

    /// What one call did.
    public struct Step {
        /// Bytes of the input that were used.
        public let consumed: Int
        /// Bytes of the output that were filled.
        public let produced: Int
        public let state: State
    }

    public enum State: Equatable, Sendable {
        /// There is more to come, given input or room.
        case open
        /// The stream is complete, its checksum right.
        case ended
        /// The bytes are not of the format, or not what was deflated. Nothing more will come.
        case damaged
    }

    /// Bytes that one inflater holds: the window and zlib's tables.
    public static let memory = 48 << 10

    // On the heap: zlib's state points back to its z_stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Throws: ``ZlibError`` where there is no memory.
    public init(_ format: Format) throws(ZlibError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, format.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw ZlibError()
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Goes on until the input is used up, the output is full, or the stream ends.
    ///
    /// O(input + output).
    public mutating func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Step {
        stream.prepare(input, output)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        let (consumed, produced) = stream.counts(input, output)
        let state: State =
            switch status {
            case Z_STREAM_END: .ended
            // No progress is possible where there is neither input nor room.
            case Z_OK, Z_BUF_ERROR: .open
            default: .damaged
            }
        return Step(consumed: consumed, produced: produced, state: state)
    }

    /// Begins a new stream of the same format, as where gzip's members follow one another.
    public mutating func restart() {
        inflateReset(stream)
    }
}
