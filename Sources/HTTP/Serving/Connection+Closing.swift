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

    /// The rank at which the connection is closed to make room for a new one, 0 first; nil where it has work.
    var givingWay: Int? {
        switch phase {
        case .lingering: 0
        case .handshake: 1
        case .finishing, .closed: nil
        case .open where exchange != nil || isDiscarding || !output.isEmpty || isPostponed: nil
        case .open: isIdle ? 0 : 1
        }
    }

    /// Closes to make room for another one.
    func giveWay(on loop: isolated EventLoop) {
        if phase == .open && !isIdle {
            fail(
                ProtocolError(
                    .requestTimeout, "The head of the request took too long, and other clients wait to connect."),
                on: loop)
            _ = output.flush(to: transport)
        }
        if output.isEmpty { _ = transport.finishSending() }
        abandon(on: loop)
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
