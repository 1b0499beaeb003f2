import Glibc
import Streams

/// Asks a server the same thing over many connections at once, each as soon as it has its answer.
package struct LoadGenerator {
    let address: ServerAddress.Kind
    let request: [UInt8]
    let connections: Int

    package init(address: ServerAddress.Kind, request: [UInt8], connections: Int) {
        self.address = address
        self.request = request
        self.connections = connections
    }

    package struct Result {
        package let seconds: Double
        /// Of each answer, in seconds, in rising order.
        package let latencies: [Double]

        package var perSecond: Double { Double(latencies.count) / seconds }
        /// - Parameter share: 0.99 for the time that 99 % do not exceed.
        package func quantile(_ share: Double) -> Double {
            latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        }
    }

    /// - Parameter pause: seconds between an answer and the connection's next request.
    /// - Throws: `FileError` where a connection fails.
    package func run(seconds: Double, pause: Double = 0) throws(FileError) -> Result {
        let server = ServerAddress(address)
        var polls: [pollfd] = []
        defer { for poll in polls { close(poll.fd) } }
        for _ in 0..<connections {
            polls.append(pollfd(
                fd: try server.connected(timeout: .seconds(10)), events: Int16(POLLIN), revents: 0))
        }
        // Every answer is as long as the first one.
        let first = try HTTPClient(address)
        try first.send(request)
        let length = first.lastLength
        var received = [Int](repeating: 0, count: connections)
        var chunk = [UInt8](repeating: 0, count: 65536)
        var sent = [Double](repeating: 0, count: connections), latencies: [Double] = []
        latencies.reserveCapacity(1 << 20)
        let begin = Self.now()
        for index in polls.indices {
            writeAll(request, to: polls[index].fd)
            sent[index] = Self.now()
        }
        var now = begin
        while now - begin < seconds {
            guard poll(&polls, nfds_t(polls.count), 1000) >= 0 else { continue }
            for index in polls.indices where polls[index].revents != 0 {
                let count = chunk.withUnsafeMutableBytes {
                    read(polls[index].fd, $0.baseAddress, $0.count)
                }
                guard count > 0 else { throw server.failure("does not answer", errno) }
                received[index] += count
                guard received[index] >= length else { continue }
                now = Self.now()
                latencies.append(now - sent[index])
                received[index] = 0
                if pause > 0 { usleep(useconds_t(pause * 1e6)) }
                sent[index] = pause > 0 ? Self.now() : now
                writeAll(request, to: polls[index].fd)
            }
        }
        return Result(seconds: now - begin, latencies: latencies.sorted())
    }

    package static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
