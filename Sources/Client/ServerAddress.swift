import Glibc
import Streams

/// How to reach a server: its address, and a connected socket to it.
package struct ServerAddress: Sendable {
    package enum Kind: Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    package let kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    var name: String {
        switch kind {
        case .tcp(let host, let port): "\(host) port \(port)"
        case .unix(let path): path
        }
    }

    func failure(_ what: String, _ code: Int32) -> FileError { FileError(name, what, code) }

    /// A socket that is connected to it, for the caller to close.
    ///
    /// - Parameter timeout: of each step: connecting, sending, receiving.
    /// - Throws: `FileError` that names the address where nobody answers.
    func connected(timeout: Duration) throws(FileError) -> Int32 {
        switch kind {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
                throw failure("cannot be a socket", ENAMETOOLONG)
            }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            return try withUnsafeBytes(of: &address) { bytes throws(FileError) in
                try connected(AF_UNIX, bytes, timeout)
            }
        case .tcp(let host, let port):
            var hints = addrinfo(), found: UnsafeMutablePointer<addrinfo>?
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            let status = getaddrinfo(host, String(port), &hints, &found)
            guard status == 0, let first = found else {
                throw FileError(name, String(cString: gai_strerror(status)))
            }
            defer { freeaddrinfo(first) }
            var error = failure("has no address", ENOENT)
            for info in sequence(first: first, next: \.pointee.ai_next).map(\.pointee) {
                let bytes = UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen))
                do { return try connected(info.ai_family, bytes, timeout) } catch let failed { error = failed }
            }
            throw error
        }
    }

    private func connected(
        _ family: Int32, _ address: UnsafeRawBufferPointer, _ timeout: Duration
    ) throws(FileError) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("cannot be reached", errno) }
        let (seconds, attoseconds) = timeout.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        let status = address.withMemoryRebound(to: sockaddr.self) {
            connect(descriptor, $0.baseAddress, socklen_t(address.count))
        }
        guard status == 0 else {
            let code = errno
            close(descriptor)
            throw failure("cannot be reached", code)
        }
        return descriptor
    }
}
