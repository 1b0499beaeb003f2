import COpenSSL
import HTTPFixtures

/// A client's whole conversation with the server, by OpenSSL, and the damage that is done to its bytes.
///
/// As bytes: flags, the number of requests, the size of pieces, the length of bodies, then four for each change.
struct TLSConversation {
    struct Flags: OptionSet {
        let rawValue: UInt8

        static let isOld = Flags(rawValue: 2)
        static let offersHTTP1 = Flags(rawValue: 4)
        static let offersHTTP2 = Flags(rawValue: 8)
        static let sendsAllAtOnce = Flags(rawValue: 16)
        /// Tells the server that no more will come.
        static let endsInOrder = Flags(rawValue: 32)
        static let resumes = Flags(rawValue: 64)
        /// Begins with a key exchange that the server does not know.
        static let asksTwice = Flags(rawValue: 128)
    }

    static let oldest = TLS1_2_VERSION, newest = TLS1_3_VERSION

    private let flags: Flags
    private let bodies: [[UInt8]]
    private let piece: Int
    private let damage: StreamDamage

    init(_ input: [UInt8]) {
        let head = Array((input + [0, 0, 0, 0]).prefix(4))
        flags = Flags(rawValue: head[0])
        // Up to more than a record.
        let length = 1 + Int(head[3]) * 67
        // Each another one: an answer that is another request's is a wrong one.
        bodies = (0...Int(head[1] % 5)).map { index in (0..<length).map { UInt8(truncatingIfNeeded: index + $0) } }
        piece = Self.piece(head[2], of: bodies.count * length)
        let changes = input.dropFirst(4).prefix(4 * 16)
        damage = StreamDamage(
            stride(from: changes.startIndex, to: changes.endIndex - 3, by: 4).map { .init(changes[$0..<$0 + 4]) })
    }

    /// The size of pieces of which a byte speaks, 0 for all at once; some hundreds of them at most.
    static func piece(_ byte: UInt8, of count: Int) -> Int {
        byte == 0 ? .max : max(Int(byte), count / 200)
    }

    /// The server speaks nothing that this client offers.
    private var isRefused: Bool { flags.contains(.offersHTTP2) && !flags.contains(.offersHTTP1) }

    private var version: Int32 { flags.contains(.isOld) ? Self.oldest : Self.newest }

    private func options(_ server: SecureServer) throws(Finding) -> SecureClient.Options {
        .init(
            version: version,
            protocols: (flags.contains(.offersHTTP2) ? ["h2"] : [])
                + (flags.contains(.offersHTTP1) ? ["http/1.1"] : []),
            session: flags.contains(.resumes) ? try server.session(version) : nil,
            groups: flags.contains(.asksTwice) ? "P-521:P-256" : nil, piece: piece, damage: damage.change)
    }

    /// A conversation without damage goes through; one with some has no wrong answer, and an end.
    func hold(with server: SecureServer) throws(Finding) {
        let client = try server.client(options(server))
        do {
            try speak(client)
            guard !isRefused else { throw Finding("a client that does not offer HTTP/1.1 was let in") }
        } catch let finding as Finding {
            throw finding
        } catch {
            guard isRefused || damage.isDone else { throw Finding("no damage, and an end: \(error)") }
        }
        guard damage.end != .reset else { return }
        client.raw.finishSending()
        _ = try SecureServer.rest(of: client.raw)
    }

    private func speak(_ client: SecureClient) throws {
        try client.shakeHands()
        let requests = bodies.map { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \($0.count)\r\n\r\n".utf8 + $0 }
        if flags.contains(.sendsAllAtOnce) { try client.send(Array(requests.joined())) }
        for (request, body) in zip(requests, bodies) {
            if !flags.contains(.sendsAllAtOnce) { try client.send(request) }
            let reply = try client.reply()
            // What breaks off in the middle of a request is told so.
            if damage.end == .cut, reply.status == 400 { return }
            guard reply.status == 200, reply.body == body else {
                throw Finding("a wrong answer: \(reply.status) with \(reply.body.count) of \(body.count) bytes")
            }
        }
        guard flags.contains(.endsInOrder) else { return }
        try client.finishSending()
        guard try client.isClosed() else { throw Finding("bytes after the last answer") }
    }
}
