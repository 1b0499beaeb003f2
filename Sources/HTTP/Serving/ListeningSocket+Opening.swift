#if canImport(Glibc)
import Glibc
#endif

extension ListeningSocket {
    /// All sockets that some addresses stand for: a name may stand for several. Those that leave the port open all get
    /// the same one. An address that is given twice, or that another one contains, gets no second socket.
    ///
    /// - Parameter unixMode: the mode of a Unix socket's file; nil for what the umask leaves
    static func open(_ addresses: [ListenAddress], unixMode: UInt32? = nil) throws(SystemError) -> [ListeningSocket] {
        let names = try addresses.map { address throws(SystemError) in
            ResolvedName(address: address, candidates: try resolve(address))
        }
        // 0.0.0.0 contains 127.0.0.1: once it is open, the other one is not needed.
        let ordered = names.filter(\.isUnspecified) + names.filter { !$0.isUnspecified }
        var attempts = 0
        while true {
            var opening = Opening(unixMode: unixMode)
            do throws(SystemError) {
                for name in ordered { try opening.open(name) }
                return opening.sockets
            } catch {
                for socket in opening.sockets { socket.close() }
                // A port that is free at one address may be in use at the next.
                attempts += 1
                guard addresses.contains(where: \.hasFreePort), error.code == EADDRINUSE, attempts < 16 else {
                    throw error
                }
            }
        }
    }

    /// Makes a socket, binds it and listens on it.
    ///
    /// - Parameters:
    ///   - address: what errors call it, and the name of a Unix socket
    ///   - mode: of the file of a Unix socket
    static func listen(
        _ socketAddress: SocketAddress, on address: ListenAddress, mode: UInt32? = nil
    ) throws(SystemError) -> ListeningSocket {
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
        // Linux makes the file with the socket's own mode, less the umask: with no permission that is not wanted.
        if let mode { _ = fchmod(descriptor, mode) }
        guard socketAddress.with({ bind(descriptor, $0, $1) }) == 0 else {
            let error = failure(operation, at: address)
            _ = Glibc.close(descriptor)
            throw error
        }
        let bound = SocketAddress { getsockname(descriptor, $0, &$1) }?.hostAndPort
        let socket = ListeningSocket(
            descriptor: descriptor, address: bound.map { .tcp(host: $0.host, port: $0.port) } ?? address)
        // Nobody can connect before the socket listens, and so nobody under another mode.
        guard socket.setMode(mode), Glibc.listen(descriptor, SOMAXCONN) == 0 else {
            let error = SystemError(operation)
            socket.close()
            throw error
        }
        return socket
    }

    /// The addresses that a name or a path stands for, at least one.
    ///
    /// `localhost` is both loopback addresses, whatever the system's tables say (RFC 6761 section 6.3), `*` every address.
    private static func resolve(_ address: ListenAddress) throws(SystemError) -> [SocketAddress] {
        guard case .tcp(let host, let port) = address else { return [] }
        guard (0...65535).contains(port) else { throw SystemError("the port \(port)", code: EINVAL) }
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
                addresses.append(SocketAddress(copying: info.ai_addr, length: info.ai_addrlen))
            }
        }
        return addresses
    }
}

/// A name and what it stands for.
private struct ResolvedName {
    let address: ListenAddress
    /// None for a Unix socket.
    let candidates: [SocketAddress]

    var isUnspecified: Bool { candidates.contains(where: \.isUnspecified) }
}

/// The sockets that are open so far.
private struct Opening {
    let unixMode: UInt32?
    private(set) var sockets: [ListeningSocket] = []
    /// Where the TCP sockets among them are bound.
    private var bound: [SocketAddress] = []
    /// The port that the first one got of those that leave it open.
    private var freePort: Int?

    init(unixMode: UInt32?) { self.unixMode = unixMode }

    mutating func open(_ name: ResolvedName) throws(SystemError) {
        switch name.address {
        case .unix(let path):
            if !sockets.contains(where: { $0.address == name.address }) {
                sockets.append(try ListeningSocket.openUnix(path: path, mode: unixMode))
            }
        case .tcp(let host, _):
            var failure: SystemError?, isServed = false
            for candidate in name.candidates {
                do throws(SystemError) {
                    try open(candidate, host: host)
                    isServed = true
                } catch {
                    // A name may stand for an IPv6 address on a machine without IPv6: one that works is enough.
                    guard error.code == EADDRNOTAVAIL || error.code == EAFNOSUPPORT else { throw error }
                    failure = failure ?? error
                }
            }
            if !isServed, let failure { throw failure }
        }
    }

    private mutating func open(_ candidate: SocketAddress, host: String) throws(SystemError) {
        var address = candidate
        let leavesPortOpen = address.port == 0
        if leavesPortOpen, let freePort { address.port = freePort }
        guard !bound.contains(where: { $0.contains(address) }) else { return }
        let name = address.hostAndPort.map { ListenAddress.tcp(host: $0.host, port: $0.port) }
        let socket = try ListeningSocket.listen(address, on: name ?? .tcp(host: host, port: address.port))
        sockets.append(socket)
        if case .tcp(_, let port) = socket.address {
            if leavesPortOpen { freePort = port }
            address.port = port
        }
        bound.append(address)
    }
}
