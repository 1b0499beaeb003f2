import Synchronization
public import Zlib

/// Content in one gzip member (RFC 1952).
public enum Gzip {
    /// - Parameter level: from 1, the fastest, to 9, the smallest
    /// - Returns: nil where there is no memory for the compressor.
    public static func member(of bytes: [UInt8], level: Int = Deflater.usualLevel) -> [UInt8]? {
        guard var deflater = try? Deflater(level: level) else { return nil }
        var coded: [UInt8] = []
        deflater.finish(bytes[...], into: &coded)
        return coded
    }
}

/// Compresses what is written, a slice at a time, and passes on at once what a reader needs in order to have all of it.
final class GzipWriter: Sendable {
    private let writer: ResponseWriter
    private let deflater: Mutex<Deflater>

    init(_ writer: ResponseWriter) throws(ZlibError) {
        self.writer = writer
        deflater = Mutex(try Deflater())
    }

    func write(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let slice = rest.prefix(Response.compressedAtOnce)
            rest = rest.dropFirst(slice.count)
            var coded: [UInt8] = []
            deflater.withLock { $0.flush(slice, into: &coded) }
            try await writer.write(coded)
        }
    }

    func finish() async throws {
        var coded: [UInt8] = []
        deflater.withLock { $0.finish(into: &coded) }
        try await writer.write(coded)
    }
}
