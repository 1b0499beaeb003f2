import CEpoll
#if canImport(Glibc)
import Glibc
#endif

/// A socket that listens, and its address with the port that it got.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let address: ListenAddress
    /// Whether another program has opened it and may go on using it.
    var isInherited = false

    /// Sockets that the program which started this one has opened and listens on.
    ///
    /// - Throws: `SystemError` where a descriptor is none of a listening stream socket.
    static func inherit(_ descriptors: [Int32]) throws(SystemError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        for descriptor in descriptors {
            let operation = "listening on descriptor \(descriptor), which this program was started with"
            var isListening: Int32 = 0, type: Int32 = 0, size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0,
                getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0,
                let bound = SocketAddress(filledBy: { getsockname(descriptor, $0, &$1) })
            else { throw SystemError(operation) }
            let name = bound.hostAndPort.map { ListenAddress.tcp(host: $0.host, port: $0.port) }
            guard isListening != 0, type == Int32(SOCK_STREAM.rawValue),
                let address = name ?? bound.unixPath.map({ .unix(path: $0) })
            else {
                throw SystemError(
                    operation, code: EINVAL,
                    reason: "it is not a TCP or Unix stream socket that listens (Accept=no, ListenStream=)")
            }
            let flags = fcntl(descriptor, F_GETFL)
            guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
                fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
            else { throw SystemError(operation) }
            sockets.append(ListeningSocket(descriptor: descriptor, address: address, isInherited: true))
        }
        return sockets
    }

    /// Closes the socket, and removes the file of a Unix socket, unless it belongs to another program.
    func close() {
        _ = Glibc.close(descriptor)
        if case .unix(let path) = address, !isInherited { unlink(path) }
    }

    /// Ignores clients that begin to connect from now on. Their systems try again a second later and find
    /// the socket closed, or another process that listens there.
    ///
    /// Closing a listening socket resets the connections in its queue, so the queue must be empty before and
    /// nobody may join it meanwhile. Where the system refuses the filter, such clients see a reset.
    func dropNewHandshakes() {
        // Clients in the queue of an inherited socket wait for the next process that it is handed to.
        guard case .tcp = address, !isInherited else { return }
        // On a packet from its TCP header on: drop it if SYN is set and ACK is not.
        var program = [
            sock_filter(code: 0x30, jt: 0, jf: 0, k: 13),  // load the byte of flags
            sock_filter(code: 0x54, jt: 0, jf: 0, k: 0x12),  // and SYN | ACK
            sock_filter(code: 0x15, jt: 0, jf: 1, k: 0x02),  // if equal to SYN
            sock_filter(code: 0x06, jt: 0, jf: 0, k: 0),  // keep none of it
            sock_filter(code: 0x06, jt: 0, jf: 0, k: .max),  // keep all of it
        ]
        program.withUnsafeMutableBufferPointer { instructions in
            var filter = sock_fprog(len: UInt16(instructions.count), filter: instructions.baseAddress)
            setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, socklen_t(MemoryLayout<sock_fprog>.size))
        }
    }

    /// The time that handshakes which have begun get to end.
    static let handshakeTime = Duration.milliseconds(100)
}
