#if canImport(Glibc)
import Glibc
#endif

/// Where a server listens.
public enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or a numeric IPv4 or IPv6 address; port 0 takes a free one, the same for all addresses of a server.
    /// `localhost` is 127.0.0.1 and ::1, `*` every address of the machine, as far as it has IPv4 and IPv6. What another
    /// address of the server contains is not listened on twice.
    case tcp(host: String, port: Int)
    /// A Unix socket. A socket left there by a process that is gone is replaced.
    case unix(path: String)

    /// `http://127.0.0.1:8080`, `http://[::1]:8080` or `unix:/run/riviera.sock`.
    public var description: String {
        switch self {
        case .tcp: "http://\(hostAndPort)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The description of an address that speaks TLS there, or does not.
    func url(isSecure: Bool) -> String {
        if case .tcp = self, isSecure { "https://\(hostAndPort)" } else { description }
    }

    /// Whether the system is to choose the port.
    var hasFreePort: Bool {
        if case .tcp(_, 0) = self { true } else { false }
    }

    /// `127.0.0.1:8080`, `[::1]:8080`, or the path.
    var hostAndPort: String {
        switch self {
        case .tcp(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): path
        }
    }
}

/// The socket addresses of the system's calls, as values.
struct SocketAddress {
    private(set) var storage = sockaddr_storage()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    var family: Int32 { Int32(storage.ss_family) }

    /// Filled by a call such as `getsockname`; nil where that fails.
    init?(filledBy call: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) {
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
        if status < 0 { return nil }
    }

    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = length
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    init(unixPath path: String) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8), most = MemoryLayout.size(ofValue: address.sun_path) - 1
        let flaw: (code: Int32, reason: String)? =
            if bytes.isEmpty {
                (EINVAL, "is empty")
            } else if bytes.contains(0) {
                (EINVAL, "has a null character")
            } else if bytes.count > most {
                (ENAMETOOLONG, "has \(bytes.count) bytes, and a socket's may have \(most)")
            } else {
                nil
            }
        if let flaw { throw SystemError("the path of the Unix socket “\(path)”", code: flaw.code, reason: flaw.reason) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        withUnsafeMutableBytes(of: &storage) { storage in
            withUnsafeBytes(of: &address) { storage.copyMemory(from: $0) }
        }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
    }

    /// The path of a Unix socket in the file system; an abstract name begins with `@`, as systemd writes it; nil for others.
    var unixPath: String? {
        guard family == AF_UNIX else { return nil }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        let bytes = withUnsafeBytes(of: storage) { Array($0.prefix(Int(length)).dropFirst(start)) }
        guard let first = bytes.first else { return "" }
        return first == 0
            ? "@" + String(decoding: bytes.dropFirst(), as: UTF8.self)
            : String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Of an IPv4 or IPv6 address.
    var port: Int {
        get { hostAndPort?.port ?? 0 }
        set {
            // The port is the same two bytes in both kinds of address (RFC 3493 section 3.3).
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(
                    of: in_port_t(truncatingIfNeeded: newValue).bigEndian, toByteOffset: 2, as: in_port_t.self)
            }
        }
    }

    /// Whether it is 0.0.0.0 or ::, which stand for every address of their family.
    var isUnspecified: Bool {
        let bytes: Range<Int>? =
            switch family {
            // Of sockaddr_in and sockaddr_in6 (RFC 3493 section 3.3).
            case AF_INET: 4..<8
            case AF_INET6: 8..<24
            default: nil
            }
        guard let bytes else { return false }
        return withUnsafeBytes(of: storage) { $0[bytes].allSatisfy { $0 == 0 } }
    }

    /// Whether a socket at this address gets all that one at the other would, so that the system refuses the second one.
    func contains(_ other: SocketAddress) -> Bool {
        isSame(as: other) || (isUnspecified && family == other.family && port == other.port)
    }

    func isSame(as other: SocketAddress) -> Bool {
        length == other.length
            && withUnsafeBytes(of: storage) { mine in
                withUnsafeBytes(of: other.storage) { mine.prefix(Int(length)).elementsEqual($0.prefix(Int(length))) }
            }
    }

    func with<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The numeric host and the port, nil for a Unix socket.
    var hostAndPort: (host: String, port: Int)? {
        guard family == AF_INET || family == AF_INET6 else { return nil }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: 16)
        let status = with { address, length in
            getnameinfo(
                address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard status == 0 else { return nil }
        let text = { (characters: [CChar]) in
            String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return Int(text(port)).map { (text(host), $0) }
    }
}
