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
            if connectionCount >= connectionLimit {
                guard acceptor.hasClient(at: listener) else { return }
                guard makeRoom() else { return acceptor.pause(on: poller, now: now) }
            }
            switch acceptor.accept(from: listener) {
            case .client(let descriptor, let address):
                isStarved = false
                add(descriptor, from: address)
            case .nobody:
                return
            // Without a free descriptor that is the answer whether or not a client waits.
            case .failed(let error) where error.code == EMFILE && !acceptor.hasClient(at: listener):
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

    /// Closes the connection that is needed least, of those whose client the server waits for: one of an address that holds more
    /// than half of all connections, else the one whose client loses least, else the one waited for longest.
    ///
    /// The clients of that address lose their connections however often they send a byte, the others only where they do not.
    ///
    /// - Returns: false where all are younger than ``HTTPServerConfiguration/givesWayAfter`` or wait for the server, or the one that is
    ///   needed least has just sent a request.
    private func makeRoom() -> Bool {
        typealias Rank = (Int, Connection.Loss, ContinuousClock.Instant)
        var least: (connection: Connection, rank: Rank)?
        for case let connection? in connections {
            guard let wait = connection.waitForClient(on: self) else { continue }
            let isOfMany = connectionCounts[connection.client.address, default: 0] > connectionLimit / 2
            guard (isOfMany ? wait.since : wait.quietSince) + configuration.givesWayAfter <= now else { continue }
            let rank = (isOfMany ? 0 : 1, wait.loss, wait.since)
            if let least, least.rank <= rank { continue }
            least = (connection, rank)
        }
        let hasClosed = least?.connection.giveWay(on: self) ?? false
        if hasClosed {
            displaced += 1
            handler.observe(.displaced(.room))
        }
        reportCrowd()
        return hasClosed
    }

    /// Tells that all connections are taken, and by whom, once in a while.
    private func reportCrowd() {
        guard lastCrowdReport.map({ $0 + Self.crowdReportInterval <= now }) ?? true else { return }
        lastCrowdReport = now
        let most = connectionCounts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        logger.warning(
            "all connections are taken: new clients wait, or take the place of those that are waited for",
            metadata: [
                "connections": "\(connectionCount)", "closed": "\(displaced)",
                "most": "\(most.map { "\($0.value) of \($0.key)" } ?? "")",
            ])
        displaced = 0
    }

    private static let crowdReportInterval = Duration.seconds(10)
}
