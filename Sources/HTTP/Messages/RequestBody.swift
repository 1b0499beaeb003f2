/// The bytes of a request's body, in the pieces they come in.
///
/// The client is asked to go on (`100 Continue`) when the first piece is asked for, and
/// held back while pieces wait to be read. One reader at a time.
public struct RequestBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    private enum Source: Sendable {
        case bytes([UInt8])
        case pieces(@Sendable () async throws -> [UInt8]?)
    }

    private let source: Source
    /// Its length in bytes, where that is known before it has come.
    private var length: Int?
    /// Where the bytes that ``collect(upTo:)`` keeps are counted.
    var memory: RequestMemory?

    /// A body that is there already.
    public init(_ bytes: [UInt8] = []) {
        source = .bytes(bytes)
        length = bytes.count
    }

    /// A body that comes piece by piece.
    ///
    /// - Parameter next: the next piece, nil at the end.
    public init(next: @escaping @Sendable () async throws -> [UInt8]?) {
        source = .pieces(next)
    }

    init(length: Int?, next: @escaping @Sendable () async throws -> [UInt8]?) {
        source = .pieces(next)
        self.length = length
    }

    /// The whole body, which the request's memory is charged with as it comes.
    ///
    /// - Parameter limit: the most bytes to take.
    /// - Throws: `ProtocolError` where the body is longer (413), breaks off or is malformed (400) or
    ///   is too slow (408), or memory is short (503); `CancellationError` where the client has gone. The server has then
    ///   answered already, but for a limit given here and a reply that is being streamed.
    public func collect(upTo limit: Int = .max) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await piece in self {
            guard piece.count <= limit - body.count else {
                throw ProtocolError(.contentTooLarge, "The body is longer than \(limit) bytes.")
            }
            try memory?.reserve(piece.count)
            if body.isEmpty {
                body = piece
                // Untouched memory costs nothing, growing costs copies of twice the size.
                if let length, piece.count < length { body.reserveCapacity(Swift.min(length, limit, Self.expected)) }
            } else {
                body += piece
            }
        }
        return body
    }

    /// More bytes than this are made room for only as they come.
    private static let expected = 64 << 20

    public func makeAsyncIterator() -> Iterator {
        switch source {
        case .bytes(let bytes): Iterator(first: bytes.isEmpty ? nil : bytes, next: { nil })
        case .pieces(let next): Iterator(first: nil, next: next)
        }
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var first: [UInt8]?
        fileprivate let next: @Sendable () async throws -> [UInt8]?

        /// The next piece, never an empty one; nil at the end.
        public mutating func next() async throws -> [UInt8]? {
            if let first {
                self.first = nil
                return first
            }
            return try await next()
        }
    }
}
