import Glibc

/// One GET, by a socket of its own: for containers, whose images hold no curl.
package struct HealthProbe {
    /// Where the server listens.
    package enum Address {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    let address: Address
    /// For each step: connecting, sending, receiving.
    let timeout: Duration

    package init(_ address: Address, timeout: Duration) {
        self.address = address
        self.timeout = timeout
    }

    /// The status code that the server answers with.
    ///
    /// - Throws: `FileError` that names the address where nobody answers or the answer is not HTTP.
    package func status(of path: String) throws(FileError) -> Int {
        let descriptor = try connected()
        defer { close(descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw failure("does not take the request", errno) }
            rest = rest.dropFirst(count)
        }
        // HTTP/1.1 200 OK
        var head: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 64)
        while head.count < 12 {
            let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw failure("does not answer", count < 0 ? errno : ECONNRESET) }
            head.append(contentsOf: chunk[..<count])
        }
        guard head.starts(with: "HTTP/1.".utf8), head[8] == UInt8(ascii: " "),
            let status = Int(String(decoding: head[9..<12], as: UTF8.self))
        else { throw FileError(name, "answers something else than HTTP") }
        return status
    }

    private var name: String {
        switch address {
        case .tcp(let host, let port): "\(host) port \(port)"
        case .unix(let path): path
        }
    }

    private func failure(_ what: String, _ code: Int32) -> FileError { FileError(name, what, code) }

    private func connected() throws(FileError) -> Int32 {
        switch address {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
                throw failure("cannot be a socket", ENAMETOOLONG)
            }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            return try withUnsafeBytes(of: &address) { bytes throws(FileError) in
                try connected(AF_UNIX, bytes)
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
                do { return try connected(info.ai_family, bytes) } catch let failed { error = failed }
            }
            throw error
        }
    }

    private func connected(_ family: Int32, _ address: UnsafeRawBufferPointer) throws(FileError) -> Int32 {
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
