import Logging

extension EventLoop {
    private static let stuckReply = 64 << 10
    private static let reliefInterval = Duration.milliseconds(100)

    /// Where memory is short, closes connections whose clients have stopped reading their replies, those
    /// with most to read first, until half of the budget is free. O(connections), and not at every call.
    func relieveMemory() {
        guard memory.isShort, lastRelief + Self.reliefInterval <= now else { return }
        lastRelief = now
        let stuck = connections.compactMap { $0 }
            .filter { $0.output.count > Self.stuckReply && $0.lastProgress + configuration.givesWayAfter <= now }
            .sorted { $0.output.count > $1.output.count }
        var closed = 0
        for connection in stuck where memory.isTight {
            handler.observe(.displaced(.memory))
            connection.abandon(on: self)
            closed += 1
        }
        if closed > 0 {
            logger.warning(
                "memory is short: closed connections whose clients do not read", metadata: ["connections": "\(closed)"])
        }
    }
}
