import CEpoll
#if canImport(Glibc)
import Glibc
#endif

/// A socket that listens, and the address it turned out to have.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let address: ListenAddress

    /// All sockets that an address stands for: a name may stand for several.
    static func open(_ address: ListenAddress) throws(SystemError) -> [ListeningSocket] {
        switch address {
        case .tcp(let host, let port): try openTCP(host: host, port: port)
        case .unix(let path): [try openUnix(path: path)]
        }
    }

    /// Closes the socket; of a Unix one the file goes too.
    func close() {
        _ = Glibc.close(descriptor)
        if case .unix(let path) = address { unlink(path) }
    }

    /// Leaves clients that begin to connect from now on without an answer, so that no connection is
    /// established that the socket's closing would then reset. Their systems try again
    /// a second later, and find the socket closed or another process behind it.
    ///
    /// TCP's handshake knows no other way to stop: closing a listening socket resets what its queue holds.
    /// Where the system does not take the filter, those few clients see a reset.
    func dropNewHandshakes() {
        guard case .tcp = address else { return }
        // With the packet beginning at the TCP header: drop it if of SYN and ACK only SYN is set.
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

    /// Within which a handshake that has begun is over.
    static let handshakeTime = Duration.milliseconds(100)

    private static func openTCP(host: String, port: Int) throws(SystemError) -> [ListeningSocket] {
        guard (0...65535).contains(port) else {
            throw SystemError("the port \(port)", code: EINVAL)
        }
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else {
            throw SystemError("resolving the host \(host)", code: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(list) }

        var sockets: [ListeningSocket] = []
        var failure = SystemError("listening on \(ListenAddress.tcp(host: host, port: port))", code: EADDRNOTAVAIL)
        for info in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let info = info?.pointee else { break }
            do throws(SystemError) {
                sockets.append(try listen(SocketAddress(copying: info.ai_addr, length: info.ai_addrlen), on: .tcp(host: host, port: port)))
            } catch {
                failure = error
            }
        }
        // `localhost` may name an IPv6 address on a machine without IPv6: one that works is enough.
        guard !sockets.isEmpty else { throw failure }
        return sockets
    }

    private static func openUnix(path: String) throws(SystemError) -> ListeningSocket {
        let socketAddress = try SocketAddress(unixPath: path)
        removeStaleSocket(path, socketAddress)
        return try listen(socketAddress, on: .unix(path: path))
    }

    /// Removes the file of a socket that nobody listens on any more.
    private static func removeStaleSocket(_ path: String, _ address: SocketAddress) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { _ = Glibc.close(probe) }
        if probe >= 0, address.with({ connect(probe, $0, $1) }) < 0, errno == ECONNREFUSED {
            unlink(path)
        }
    }

    private static func listen(_ socketAddress: SocketAddress, on address: ListenAddress) throws(SystemError) -> ListeningSocket {
        let operation = "listening on \(address)"
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(socketAddress.family, Int32(type), 0)
        guard descriptor >= 0 else { throw SystemError(operation) }
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if socketAddress.family == AF_INET6 {
            // So that 0.0.0.0 and :: can both be listened on.
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
        }
        guard socketAddress.with({ bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, SOMAXCONN) == 0 else {
            let error = SystemError(operation)
            _ = Glibc.close(descriptor)
            throw error
        }
        let bound = SocketAddress { getsockname(descriptor, $0, &$1) }?.hostAndPort
        return ListeningSocket(descriptor: descriptor, address: bound.map { .tcp(host: $0.host, port: $0.port) } ?? address)
    }
}
