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

    /// All sockets that some addresses stand for: a name may stand for several. Those that leave the port open all get
    /// the same one.
    static func open(_ addresses: [ListenAddress]) throws(SystemError) -> [ListeningSocket] {
        var attempts = 0
        while true {
            var sockets: [ListeningSocket] = [], freePort: Int?
            do throws(SystemError) {
                for address in addresses {
                    switch address {
                    case .tcp(let host, let port):
                        let opened = try openTCP(host: host, port: port == 0 ? freePort ?? 0 : port)
                        if port == 0, case .tcp(_, let port)? = opened.first?.address { freePort = port }
                        sockets += opened
                    case .unix(let path): sockets.append(try openUnix(path: path))
                    }
                }
                return sockets
            } catch {
                for socket in sockets { socket.close() }
                // A port that is free at one address may be in use at the next.
                attempts += 1
                guard addresses.contains(where: \.hasFreePort), error.code == EADDRINUSE, attempts < 16 else {
                    throw error
                }
            }
        }
    }

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

    private static func openTCP(host: String, port: Int) throws(SystemError) -> [ListeningSocket] {
        guard (0...65535).contains(port) else {
            throw SystemError("the port \(port)", code: EINVAL)
        }
        var sockets: [ListeningSocket] = [], failure: SystemError?
        for address in try resolve(host, port) {
            do throws(SystemError) {
                var address = address
                if port == 0, case .tcp(_, let port)? = sockets.first?.address { address.port = port }
                let name = address.hostAndPort.map { ListenAddress.tcp(host: $0.host, port: $0.port) }
                sockets.append(try listen(address, on: name ?? .tcp(host: host, port: port)))
            } catch {
                // A name may stand for an IPv6 address on a machine without IPv6: one that works is enough.
                guard error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT else {
                    for socket in sockets { socket.close() }
                    throw error
                }
                failure = failure ?? error
            }
        }
        if sockets.isEmpty, let failure { throw failure }
        return sockets
    }

    /// The addresses that a host stands for, at least one.
    ///
    /// `localhost` is both loopback addresses, whatever the system's tables say (RFC 6761 section 6.3), `*` every address.
    private static func resolve(_ host: String, _ port: Int) throws(SystemError) -> [SocketAddress] {
        let names =
            switch host.lowercased() {
            case "localhost": ["127.0.0.1", "::1"]
            case "*": ["0.0.0.0", "::"]
            default: [host]
            }
        var addresses: [SocketAddress] = []
        for name in names {
            var hints = addrinfo()
            hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var list: UnsafeMutablePointer<addrinfo>?
            let status = getaddrinfo(name, String(port), &hints, &list)
            guard status == 0 else {
                throw SystemError(
                    "resolving the host \(host)", code: EADDRNOTAVAIL, reason: String(cString: gai_strerror(status)))
            }
            defer { freeaddrinfo(list) }
            for info in sequence(first: list, next: { $0?.pointee.ai_next }) {
                guard let info = info?.pointee else { break }
                let address = SocketAddress(copying: info.ai_addr, length: info.ai_addrlen)
                // The system's tables may have an address twice.
                if !addresses.contains(where: { $0.isSame(as: address) }) { addresses.append(address) }
            }
        }
        return addresses
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

    private static func listen(_ socketAddress: SocketAddress, on address: ListenAddress) throws(SystemError)
        -> ListeningSocket
    {
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
        return ListeningSocket(
            descriptor: descriptor, address: bound.map { .tcp(host: $0.host, port: $0.port) } ?? address)
    }
}
