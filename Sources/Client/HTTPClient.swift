import Glibc
import Streams

/// One connection to a server, kept open: sends a request, waits for the whole answer. For the
/// benchmarks, which blame nobody but the server for the time it takes.
package final class HTTPClient {
    private let address: ServerAddress
    private let descriptor: Int32
    private var chunk = [UInt8](repeating: 0, count: 65536)
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
        var answer: [UInt8] = []
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

    /// How long an answer is, once its head is there. Bytes only: the time that it takes is the answer's.
    private static func length(of answer: [UInt8]) -> (head: Int, total: Int)? {
        let name = Array("content-length:".utf8)
        var line = 0, length = 0
        while let feed = answer[line...].firstIndex(of: UInt8(ascii: "\n")) {
            if feed - line <= 1 { return (feed + 1, feed + 1 + length) }
            if answer[line..<feed].starts(with: name, by: { $0 | 0x20 == $1 | 0x20 }) {
                length = answer[line..<feed].reduce(0) { length, byte in
                    (0x30...0x39).contains(byte) ? 10 * length + Int(byte - 0x30) : length
                }
            }
            line = feed + 1
        }
        return nil
    }
}
