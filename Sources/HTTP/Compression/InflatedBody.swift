import Zlib

/// A body whose coding is undone as it is read.
actor InflatedBody {
    private var inflation: BodyInflation
    private let memory: RequestMemory
    private let next: @Sendable () async throws -> [UInt8]?
    private var hasBegun = false

    /// - Parameters:
    ///   - coding: gzip or deflate
    ///   - limit: bytes of the longest body, inflated
    ///   - memory: where the inflater's memory is counted
    ///   - next: the next piece of the body as it comes, nil at its end
    init(
        _ coding: ContentCoding, limit: Int, memory: RequestMemory,
        next: @escaping @Sendable () async throws -> [UInt8]?
    ) {
        inflation = BodyInflation(coding, limit: limit)
        self.memory = memory
        self.next = next
    }

    /// The next inflated bytes, nil at the end. Other tasks get their turn between two pieces.
    func piece() async throws -> [UInt8]? {
        if !hasBegun {
            hasBegun = true
            try memory.reserve(Inflater.memory)
        }
        while true {
            while let piece = try inflation.piece() {
                await Task.yield()
                try Task.checkCancellation()
                if !piece.isEmpty { return piece }
            }
            guard let bytes = try await next() else {
                try inflation.end()
                return nil
            }
            inflation.take(bytes)
        }
    }
}
