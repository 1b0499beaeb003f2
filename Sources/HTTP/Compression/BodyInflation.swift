import Zlib

/// Undoes the coding of a body: bytes in as they come, pieces out.
///
/// The limit counts what comes out, so that a small body that stands for a large one is refused after no more
/// work than one that is sent at its length.
package struct BodyInflation: ~Copyable {
    private let coding: ContentCoding
    private let limit: Int
    private var inflater: Inflater?
    /// What has come and was not inflated yet.
    private var input: ArraySlice<UInt8> = []
    private var produced = 0
    private var state = State.beforeStream
    /// Whether the last piece filled its room, so that zlib may hold more of it.
    private var isFull = false

    private enum State {
        /// No byte has come.
        case beforeStream
        case inStream
        case betweenMembers
        case afterStream
    }

    /// Bytes of a piece at most.
    package static let pieceSize = 64 << 10

    /// - Parameters:
    ///   - coding: gzip or deflate
    ///   - limit: bytes of the longest body, inflated
    package init(_ coding: ContentCoding, limit: Int) {
        self.coding = coding
        self.limit = limit
    }

    package mutating func take(_ bytes: [UInt8]) {
        if input.isEmpty { input = bytes[...] } else { input += bytes }
    }

    /// Some more bytes, perhaps none; nil where that takes more input.
    ///
    /// - Throws: `ProtocolError` 400 where the input is damaged, 413 where the body is too long.
    package mutating func piece() throws(ProtocolError) -> [UInt8]? {
        guard !input.isEmpty || isFull else { return nil }
        // Another member begins with this byte (RFC 1952 section 2.3.1).
        guard state != .afterStream, state != .betweenMembers || input.first == 0x1F else {
            throw damaged("goes on after its end")
        }
        if inflater == nil {
            guard let format = format() else { return nil }
            do {
                inflater = try Inflater(format)
            } catch {
                throw .memoryShort
            }
        }
        // One byte more than is allowed tells that there is more.
        let room = min(Self.pieceSize - 1, limit - produced) + 1
        let (piece, step) = inflate(room: room)
        guard let step else { return nil }
        input = input.dropFirst(step.consumed)
        produced += step.produced
        isFull = step.state == .open && step.produced == room
        switch step.state {
        case .open: state = .inStream
        case .ended where coding == .gzip:
            // Members may follow one another (RFC 1952 section 2.2).
            inflater?.restart()
            state = .betweenMembers
        case .ended: state = .afterStream
        case .damaged: throw damaged("is damaged")
        }
        guard produced <= limit else {
            throw ProtocolError(.contentTooLarge, "The body is longer than \(limit) bytes when it is decompressed.")
        }
        return piece
    }

    /// No more is to come.
    ///
    /// - Throws: `ProtocolError` 400 where more would have to.
    package func end() throws(ProtocolError) {
        guard input.isEmpty, state == .afterStream || state == .betweenMembers else {
            throw damaged("breaks off before its end")
        }
    }

    private mutating func inflate(room: Int) -> (piece: [UInt8], step: Inflater.Step?) {
        var step: Inflater.Step?
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            let output = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<room])
            step = input.withUnsafeBytes { inflater?.inflate($0, into: output) }
            count = step?.produced ?? 0
        }
        return (piece, step)
    }

    /// The format around the data. Some clients send RFC 1951 alone as `deflate`: RFC 1950's first two bytes, which
    /// are a multiple of 31 and name the method 8, begin no stream that a compressor makes.
    ///
    /// - Returns: nil where that takes more input.
    private func format() -> Inflater.Format? {
        if coding == .gzip { return .gzip }
        guard let first = input.first, let second = input.dropFirst().first else { return nil }
        let isZlib = first & 0x0F == 8 && first >> 4 <= 7 && (Int(first) << 8 | Int(second)) % 31 == 0
        return isZlib ? .zlib : .raw
    }

    private func damaged(_ what: String) -> ProtocolError {
        .malformed("The body's Content-Encoding is \(coding), but the data \(what).", field: "Content-Encoding")
    }
}
