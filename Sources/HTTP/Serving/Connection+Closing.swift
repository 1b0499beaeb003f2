/// How a connection ends.
extension Connection {
    /// The server is shutting down: the next reply is the last one.
    func beginShutdown(on loop: isolated EventLoop) {
        mustClose = true
    }

    /// What has been sent is still answered.
    func refuseRequests(on loop: isolated EventLoop) {
        if isIdle {
            receive(on: loop)
            settle(on: loop)
        }
        if isIdle {
            _ = transport.finishSending()
            abandon(on: loop)
        }
        if phase == .lingering || phase == .handshake { updateDeadlines(on: loop) }
    }

    /// What a client loses when its connection is closed to make room for another one, the least first.
    enum Loss: Comparable {
        /// It has all that it asked for.
        case nothing
        /// A handshake or the head of a request, of which a part has come.
        case beginning
        /// A request or a reply, of which a part has been sent.
        case message
    }

    /// What the server waits for, where that is the client.
    struct WaitForClient {
        let loss: Loss
        /// Since when the client has neither sent nor taken a byte of it.
        let quietSince: ContinuousClock.Instant
        /// Since when it has been waited for, however many bytes have come.
        let since: ContinuousClock.Instant
    }

    /// nil where the client waits for the server.
    func waitForClient(on loop: isolated EventLoop) -> WaitForClient? {
        guard phase != .closed else { return nil }
        if let end = deadlines.output {
            let since = end - loop.configuration.writeDeadline
            return WaitForClient(loss: .message, quietSince: max(lastProgress, since), since: since)
        }
        guard let since = deadlines.awaitedSince, deadlines.awaited != nil else { return nil }
        switch phase {
        case .handshake: return WaitForClient(loss: .beginning, quietSince: since, since: since)
        case .lingering, .finishing, .closed: return WaitForClient(loss: .nothing, quietSince: since, since: since)
        case .open where exchange != nil:
            // Pieces of a body are waited for one after the other: all those waits together.
            let begin = (deadlines.input ?? since) - loop.configuration.bodyDeadline
            return WaitForClient(loss: .message, quietSince: max(lastInput, since), since: min(begin, since))
        case .open where isPostponed: return nil
        case .open:
            return WaitForClient(loss: isIdle || isDiscarding ? .nothing : .beginning, quietSince: since, since: since)
        }
    }

    /// Closes to make room for another one.
    ///
    /// - Returns: false where it does not: a request has come that had not been read.
    func giveWay(on loop: isolated EventLoop) -> Bool {
        if isIdle {
            receive(on: loop)
            settle(on: loop)
            guard isIdle || phase == .closed else { return false }
        }
        if phase == .open, !isIdle, !isDiscarding, output.isEmpty, exchange?.streaming == nil {
            let part = exchange == nil ? "head" : "body"
            fail(
                ProtocolError(
                    .requestTimeout, "The \(part) of the request took too long, and other clients wait to connect."),
                on: loop)
            flush(on: loop)
        }
        guard phase != .closed else { return true }
        // What has been sent must not be taken for a whole reply.
        if exchange?.streaming == .untilClose { transport.resetWhenClosed() }
        if output.isEmpty { _ = transport.finishSending() }
        abandon(on: loop)
        return true
    }

    /// No more requests; closes when everything is written.
    func stopTakingRequests() {
        if phase == .open { phase = .finishing }
    }

    /// Closes the connection without waiting for anything, and cancels its request.
    func abandon(on loop: isolated EventLoop) {
        guard phase != .closed else { return }
        if let exchange {
            exchange.task?.cancel()
            exchange.cancelWaits()
            unsent.append(exchange)
            self.exchange = nil
        }
        report(cancelled: true, on: loop)
        close(on: loop)
    }

    func finish(on loop: isolated EventLoop) {
        // Where the kernel takes no bytes now, this is called again when it does.
        guard transport.finishSending() else { return }
        guard !inputEnded || transport.isSecure else {
            close(on: loop)
            return
        }
        // Closing with bytes unread would reset the connection and take the reply with it.
        phase = .lingering
    }

    func close(on loop: isolated EventLoop) {
        phase = .closed
        count(0, in: loop.memory)
        loop.remove(self)
    }
}
