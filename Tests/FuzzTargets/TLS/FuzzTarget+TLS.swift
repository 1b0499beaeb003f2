import HTTPFixtures

extension FuzzTarget {
    /// A client of a server that goes on: bytes as they are, or a conversation that is damaged on its way. The server
    /// sends nothing that is wrong, ends when its client has ended, and keeps nothing of it.
    static func speakTLS(_ bytes: [UInt8]) throws(Finding) {
        guard let first = bytes.first else { return }
        let server = try SecureServer.running()
        if first & 1 == 1 {
            try TLSConversation(bytes).hold(with: server)
        } else {
            try send(Records(bytes), to: server)
        }
        try server.checkThatNothingIsLeft()
        try server.serveAnHonestClientNowAndThen()
    }

    /// What is no conversation. As bytes: flags, the size of pieces, then what is sent.
    private struct Records {
        /// The version of a true ClientHello that is sent first.
        let hello: Int32?
        let piece: Int
        let isReset: Bool
        let bytes: ArraySlice<UInt8>

        init(_ input: [UInt8]) {
            let flags = input.first ?? 0
            hello = flags & 2 == 0 ? nil : flags & 4 == 0 ? TLSConversation.newest : TLSConversation.oldest
            isReset = flags & 8 != 0
            bytes = input.dropFirst(2)
            piece = TLSConversation.piece(input.dropFirst().first ?? 0, of: bytes.count)
        }
    }

    private static func send(_ records: Records, to server: SecureServer) throws(Finding) {
        let client = try server.client(.init(version: records.hello))
        var rest = (records.hello == nil ? [] : client.clientHello())[...] + records.bytes
        while !rest.isEmpty {
            // The server may have refused what came before.
            guard (try? client.raw.send(Array(rest.prefix(records.piece)))) != nil else { break }
            rest = rest.dropFirst(records.piece)
        }
        if records.isReset {
            client.raw.reset()
            return
        }
        client.raw.finishSending()
        let (answer, isWhole) = try SecureServer.rest(of: client.raw)
        if let complaint = complaint(of: answer, isWhole: isWhole) { throw Finding(complaint) }
    }

    /// What is wrong with the answer to bytes that are no conversation, nil where nothing is: it is one of HTTP's that says
    /// what is spoken here, or records (RFC 8446 section 5.1).
    private static func complaint(of answer: [UInt8], isWhole: Bool) -> String? {
        if answer.starts(with: "HTTP/".utf8) {
            let text = String(decoding: answer, as: UTF8.self)
            return text.hasPrefix("HTTP/1.1 400 ") && text.contains("https://") ? nil : "in plain text: \(text)"
        }
        var rest = answer[...]
        while rest.count >= 5 {
            let head = Array(rest.prefix(5)), length = Int(head[3]) << 8 | Int(head[4])
            guard 20...23 ~= head[0], head[1] == 3, length <= 16384 + 2048 else { return "no record: \(head)" }
            guard rest.count >= 5 + length else { break }
            rest = rest.dropFirst(5 + length)
        }
        return rest.isEmpty || !isWhole ? nil : "half a record: \(rest.prefix(5))"
    }

    static let tlsInputs: [[UInt8]] =
        // Conversations that are not damaged: of both versions, in one piece and many, of one request and several.
        [
            [1, 0, 0, 1], [3, 0, 0, 1], [5, 4, 0, 10], [7, 4, 0, 255], [13, 2, 20, 40], [15, 2, 1, 4], [9, 0, 0, 1],
            [17, 4, 3, 255], [19, 4, 0, 60], [33, 1, 0, 5], [35, 1, 0, 5], [65, 2, 0, 9], [67, 2, 0, 9],
            [129, 1, 0, 3], [131, 1, 0, 3], [245, 4, 9, 100],
        ]
        // Damaged ones: in the ClientHello, in the client's last part of the handshake, in a request.
        + [
            [1, 0, 0, 1] + change(.flip, at: 60, 1), [3, 0, 0, 1] + change(.flip, at: 100, 255),
            [1, 2, 0, 3] + change(.drop, at: 6, 3), [3, 2, 0, 3] + change(.double, at: 230, 31),
            [1, 1, 5, 9] + change(.flip, at: 1600, 4), [3, 1, 5, 9] + change(.cut, at: 300, 0),
            [17, 4, 0, 200] + change(.flip, at: 9000, 1) + change(.drop, at: 12000, 7),
            [65, 1, 0, 3] + change(.flip, at: 400, 8), [1, 1, 0, 3] + change(.reset, at: 1700, 0),
            [17, 4, 0, 193] + change(.cut, at: 40000, 0),
        ]
        // Bytes as they are: plain text, an alert, nothing, a ClientHello and what must not come after it.
        + [
            [0, 0] + Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), [0, 3] + Array("G".utf8), [0, 0],
            [0, 0, 21, 3, 3, 0, 2, 1, 0], [2, 0, 20, 3, 3, 0, 1, 1], [6, 0, 23, 3, 3, 0, 5, 1, 2, 3, 4, 5],
            [2, 0, 22, 3, 3, 0x40, 0] + [UInt8](repeating: 0, count: 40), [0, 0, 22, 3, 1, 0x40, 0, 1, 1, 0xFF, 0xB8],
            [0, 1, 22, 3, 1, 0, 4, 1, 0, 0, 0, 24, 3, 3, 0, 3, 1, 0, 1], [10, 0, 21, 3, 3, 0, 2, 2, 40],
        ]

    private static func change(_ kind: StreamDamage.Change.Kind, at place: Int, _ value: UInt8) -> [UInt8] {
        [kind.rawValue, UInt8(place >> 8), UInt8(place & 255), value]
    }
}
