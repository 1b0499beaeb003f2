import Glibc
import Streams

/// One GET, by a socket of its own: for containers, whose images hold no curl.
package struct HealthProbe {
    /// Where the server listens.
    package typealias Address = ServerAddress.Kind

    let address: ServerAddress
    /// For each step: connecting, sending, receiving.
    let timeout: Duration

    package init(_ address: Address, timeout: Duration) {
        self.address = ServerAddress(address)
        self.timeout = timeout
    }

    /// The status code that the server answers with.
    ///
    /// - Throws: `FileError` that names the address where nobody answers or the answer is not HTTP.
    package func status(of path: String) throws(FileError) -> Int {
        let descriptor = try address.connected(timeout: timeout)
        defer { close(descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw address.failure("does not take the request", errno) }
            rest = rest.dropFirst(count)
        }
        // HTTP/1.1 200 OK
        var head: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 64)
        while head.count < 12 {
            let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw address.failure("does not answer", count < 0 ? errno : ECONNRESET) }
            head.append(contentsOf: chunk[..<count])
        }
        guard head.starts(with: "HTTP/1.".utf8), head[8] == UInt8(ascii: " "),
            let status = Int(String(decoding: head[9..<12], as: UTF8.self))
        else { throw FileError(address.name, "answers something else than HTTP") }
        return status
    }
}
