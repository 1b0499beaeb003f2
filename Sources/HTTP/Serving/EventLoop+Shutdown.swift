/// A shutdown's steps, in order; each may be repeated.
extension EventLoop {
    /// From here on each reply says that the connection closes after it.
    func beginShutdown() {
        enter()
        guard shutdown == .notBegun else { return }
        shutdown = .begun
        for connection in connections { connection?.beginShutdown(on: self) }
    }

    /// Accepts the clients that wait already and reads what they have sent already, then takes no more
    /// requests. The loop stops when those are answered.
    func refuseRequests() {
        enter()
        guard shutdown != .refusing else { return }
        for descriptor in acceptor.descriptors { accept(from: descriptor, atMost: .max) }
        acceptor.close(on: poller)
        shutdown = .refusing
        for connection in connections { connection?.refuseRequests(on: self) }
        endWait()
    }

    /// Closes all connections, whatever they are doing.
    func cutOff() {
        enter()
        for connection in connections { connection?.abandon(on: self) }
        endWait()
    }
}
