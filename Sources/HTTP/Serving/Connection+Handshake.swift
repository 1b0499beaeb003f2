import Logging

/// TLS's handshake, a step at a time.
extension Connection {
    /// Takes the next step: this connection's turn has come.
    func shakeHands(on loop: isolated EventLoop) {
        awaitsTurn = false
        guard phase == .handshake else { return }
        switch transport.handshake() {
        case .unfinished:
            break
        case .done:
            phase = .open
            tlsVersion = transport.tlsVersion
            loop.handler.observe(.handshakeCompleted)
            // A client may send its request with the last message of its handshake.
            if transport.hasUnread { receive(on: loop) }
        case .plainText:
            phase = .open
            transport.giveUpTLS()
            loop.handler.observe(.handshakeFailed)
            fail(
                ProtocolError(.badRequest, "This port takes HTTPS only: ask for https:// instead of http://."), on: loop
            )
        case .failed(let reason):
            handshakeFailed(reason, on: loop)
        }
        settle(on: loop)
    }

    /// Ends the connection. OpenSSL has sent an alert, which closing at once might take with it.
    func handshakeFailed(_ reason: String?, on loop: isolated EventLoop) {
        if let reason {
            loop.handler.observe(.handshakeFailed)
            loop.logger.info("TLS handshake failed", metadata: ["client": "\(clientAddress)", "reason": "\(reason)"])
        }
        guard reason != nil, !peerFinished, transport.finishSending() else {
            close(on: loop)
            return
        }
        phase = .lingering
    }
}

extension EventLoop {
    /// How long an iteration goes on with handshakes: each step may take a millisecond, and there may be hundreds.
    private static let handshakeTime = Duration.milliseconds(2)

    /// Serves a connection's handshake after what takes less time.
    func queueHandshake(_ connection: Connection) {
        guard !connection.awaitsTurn else { return }
        connection.awaitsTurn = true
        handshakes.append(connection)
        endWait()
    }

    /// A step of each connection after the other, in the order of their coming, for a short time.
    func serveHandshakes() {
        guard !handshakes.isEmpty else { return }
        refreshNow()
        let end = now + Self.handshakeTime
        while now < end, let connection = handshakes.popFirst() {
            connection.shakeHands(on: self)
            refreshNow()
        }
    }
}
