import Glibc
import Streams

/// One GET, by a socket of its own: for containers, whose images hold no curl.
package struct HealthProbe {
    /// Where the server listens.
    package typealias Address = ServerAddress.Kind

    let address: ServerAddress
    /// For each step: connecting, sending, receiving.
    let timeout: Duration
    /// Whether the server speaks TLS. Its certificate is not looked at: the question holds no secret, and is put to
    /// this machine.
    let isSecure: Bool

    package init(_ address: Address, isSecure: Bool = false, timeout: Duration) {
        self.address = ServerAddress(address)
        self.isSecure = isSecure
        self.timeout = timeout
    }

    /// The status code that the server answers with.
    ///
    /// - Throws: `FileError` that names the address where no server answers or the answer is not HTTP.
    package func status(of path: String) throws(FileError) -> Int {
        let descriptor = try address.connected(timeout: timeout)
        defer { close(descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        if isSecure {
            let socket = try SecureSocket(descriptor, address)
            try socket.send(Array(request.utf8))
            return try status { () throws(FileError) in try socket.receive() }
        }
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw address.failure("does not take the request", errno) }
            rest = rest.dropFirst(count)
        }
        return try status { () throws(FileError) in
            var chunk = [UInt8](repeating: 0, count: 64)
            let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw address.failure("does not answer", count < 0 ? errno : ECONNRESET) }
            return Array(chunk[..<count])
        }
    }

    /// The status in what is received.
    private func status(_ receive: () throws(FileError) -> [UInt8]) throws(FileError) -> Int {
        // HTTP/1.1 200 OK
        var head: [UInt8] = []
        while head.count < 12 { head += try receive() }
        guard head.starts(with: "HTTP/1.".utf8), head[8] == UInt8(ascii: " "),
            let status = Int(String(decoding: head[9..<12], as: UTF8.self))
        else { throw FileError(address.name, "answers something other than HTTP") }
        return status
    }
}
