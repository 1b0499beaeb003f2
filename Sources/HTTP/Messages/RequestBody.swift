import Synchronization

/// The bytes of a request's body, in the pieces they come in.
///
/// The client is told to go on (`100 Continue`) when the first piece is asked for. No more is read from it
/// while pieces wait here. One reader at a time.
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

    /// The body without its coding, which is undone as it is read.
    ///
    /// - Parameter limit: bytes of the longest body; a longer one is 413.
    func decoded(for head: RequestHead, limit: Int, memory: RequestMemory) -> RequestBody {
        do {
            let coding = try head.contentCoding()
            guard coding != .identity else { return self }
            let body = InflatedBody(coding, limit: limit, memory: memory, next: reading())
            return RequestBody { try await body.piece() }
        } catch {
            return RequestBody { throw error }
        }
    }

    /// Its pieces, one a call.
    private func reading() -> @Sendable () async throws -> [UInt8]? {
        switch source {
        case .pieces(let next): return next
        case .bytes(let bytes):
            let rest = Mutex<[UInt8]?>(bytes.isEmpty ? nil : bytes)
            return {
                rest.withLock { rest in
                    defer { rest = nil }
                    return rest
                }
            }
        }
    }

    /// The whole body, reserved from the request's memory as it comes.
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
                // Reserved memory costs nothing until it is used; growing copies what is there.
                if let length, piece.count < length { body.reserveCapacity(Swift.min(length, limit, Self.expected)) }
            } else {
                body += piece
            }
        }
        return body
    }

    /// Room for more bytes than this is made only as they come.
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
