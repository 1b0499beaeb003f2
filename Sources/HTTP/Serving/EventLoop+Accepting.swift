import Logging

#if canImport(Glibc)
import Glibc
#endif

extension EventLoop {
    /// Accepts clients that wait at a listening socket, as far as there is room.
    ///
    /// - Parameter most: how many; the others are reported again.
    func accept(from listener: Int32, atMost most: Int = 64) {
        for _ in 0..<most {
            guard connectionCount < connectionLimit || makeRoom() else {
                return acceptor.pause(on: poller, now: now)
            }
            switch acceptor.accept(from: listener) {
            case .client(let descriptor, let address):
                isStarved = false
                add(descriptor, from: address)
            case .nobody:
                return
            case .failed(let error) where error.code == EMFILE && makeRoom():
                continue
            case .failed(let error):
                if !isStarved { logger.warning("cannot accept a connection", metadata: ["error": "\(error)"]) }
                isStarved = true
                return acceptor.pause(on: poller, now: now)
            }
        }
    }

    /// Closes the connection that is needed least: the one that has been idle for longest, else the one
    /// whose request's head has taken longest to come.
    ///
    /// - Returns: false where all are younger than ``HTTPServerConfiguration/givesWayAfter`` or have work.
    private func makeRoom() -> Bool {
        var least: (connection: Connection, priority: Int, since: ContinuousClock.Instant)?
        for case let connection? in connections {
            guard let priority = connection.givingWay, let since = connection.deadlines.awaitedSince,
                since + configuration.givesWayAfter <= now
            else { continue }
            if let least, (least.priority, least.since) <= (priority, since) { continue }
            least = (connection, priority, since)
        }
        guard let least else { return false }
        least.connection.giveWay(on: self)
        return true
    }
}
