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
    /// - Throws: `FileError` that names the address where no server answers, the answer is not HTTP, or the port takes
    ///   HTTPS only and was asked without.
    package func status(of path: String) throws(FileError) -> Int {
        let descriptor = try address.connected(timeout: timeout)
        defer { close(descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        if isSecure {
            let socket = try SecureSocket(descriptor, address)
            try socket.send(Array(request.utf8))
            return try reply { () throws(FileError) in try socket.receive() }.status
        }
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw address.failure("does not take the request", errno) }
            rest = rest.dropFirst(count)
        }
        let reply = try reply { () throws(FileError) in
            var chunk = [UInt8](repeating: 0, count: 256)
            let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw address.failure("does not answer", count < 0 ? errno : ECONNRESET) }
            return Array(chunk[..<count])
        }
        // Servers of several makes say so in the body.
        if reply.status == 400, reply.text.contains("HTTPS") {
            throw FileError(address.name, "takes HTTPS only: ask with --tls")
        }
        return reply.status
    }

    /// Bytes of a refusal that are looked at.
    private static let longestRefusal = 4096

    /// The status in what is received; of a refusal also the text, as far as it comes.
    private func reply(_ receive: () throws(FileError) -> [UInt8]) throws(FileError) -> (status: Int, text: String) {
        // HTTP/1.1 200 OK
        var bytes: [UInt8] = []
        while bytes.count < 12 { bytes += try receive() }
        guard bytes.starts(with: "HTTP/1.".utf8), bytes[8] == UInt8(ascii: " "),
            let status = Int(String(decoding: bytes[9..<12], as: UTF8.self))
        else { throw FileError(address.name, "answers something other than HTTP") }
        while status == 400, bytes.count < Self.longestRefusal, let more = try? receive() { bytes += more }
        return (status, String(decoding: bytes, as: UTF8.self))
    }
}
