/// A shutdown's steps, in order; each may be repeated.
extension EventLoop {
    /// From here on each reply says that the connection closes after it.
    func beginShutdown() {
        enter()
        guard shutdown == .notBegun else { return }
        shutdown = .begun
        for connection in connections { connection?.beginShutdown(on: self) }
    }

    /// Accepts who waits already, reads what has been sent already, then takes no more; ends when
    /// that is answered.
    func refuseRequests() {
        enter()
        guard shutdown != .refusing else { return }
        for descriptor in acceptor.descriptors { accept(from: descriptor, atMost: .max) }
        acceptor.close(on: poller)
        shutdown = .refusing
        for connection in connections { connection?.refuseRequests(on: self) }
        endWait()
    }

    /// Ends all connections, whatever they wait for.
    func cutOff() {
        enter()
        for connection in connections { connection?.abandon(on: self) }
        endWait()
    }
}
