import Glibc

/// One connection to a server, kept open: sends a request, waits for the whole answer. For the
/// benchmarks, which blame nobody but the server for the time it takes.
package final class HTTPClient {
    private let address: ServerAddress
    private let descriptor: Int32
    /// Of the last answer, in bytes, its head included.
    package private(set) var lastLength = 0

    package init(_ address: ServerAddress.Kind, timeout: Duration = .seconds(600)) throws(FileError) {
        self.address = ServerAddress(address)
        descriptor = try self.address.connected(timeout: timeout)
        // A request is one small write, which is not to wait for anything.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// The bytes of a request.
    package static func request(_ method: String, _ target: String, body: [UInt8] = []) -> [UInt8] {
        let head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
            + (body.isEmpty ? "" : "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n")
        return Array("\(head)\r\n".utf8) + body
    }

    /// The body of the answer.
    ///
    /// - Throws: `FileError` where there is none, or its status is not 200.
    @discardableResult
    package func send(_ request: [UInt8]) throws(FileError) -> [UInt8] {
        guard writeAll(request, to: descriptor) else {
            throw address.failure("does not take the request", errno)
        }
        var answer: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw address.failure("does not answer", count < 0 ? errno : ECONNRESET) }
            answer.append(contentsOf: chunk[..<count])
            if let length = Self.length(of: answer), answer.count >= length.total {
                guard answer.starts(with: "HTTP/1.1 200".utf8) else {
                    throw FileError(
                        address.name, "answers \(String(decoding: answer.prefix(1000), as: UTF8.self))")
                }
                lastLength = length.total
                return Array(answer[length.head..<length.total])
            }
        }
    }

    /// How long an answer is, once its head is there.
    private static func length(of answer: [UInt8]) -> (head: Int, total: Int)? {
        guard let end = answer.indices.first(where: { answer[$0...].starts(with: "\r\n\r\n".utf8) }) else { return nil }
        let head = String(decoding: answer[..<end], as: UTF8.self).lowercased()
        let field = head.split(whereSeparator: \.isNewline).first { $0.hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).filter { !$0.isWhitespace }) } ?? 0
        return (end + 4, end + 4 + length)
    }
}
