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
            if let head = Self.chunkedHead(of: answer) {
                guard let whole = Self.unchunked(answer[head...]) else { continue }
                guard answer.starts(with: "HTTP/1.1 200".utf8) else {
                    throw FileError(
                        address.name, "answers \(String(decoding: answer.prefix(1000), as: UTF8.self))")
                }
                lastLength = answer.count
                return whole
            }
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

    /// Where the body begins of an answer that comes in chunks; nil for any other.
    private static func chunkedHead(of answer: [UInt8]) -> Int? {
        let name = Array("transfer-encoding:".utf8)
        var line = 0, isChunked = false
        while let feed = answer[line...].firstIndex(of: UInt8(ascii: "\n")) {
            if feed - line <= 1 { return isChunked ? feed + 1 : nil }
            if answer[line..<feed].starts(with: name, by: { $0 | 0x20 == $1 | 0x20 }) { isChunked = true }
            line = feed + 1
        }
        return nil
    }

    /// The chunks' bytes once the last chunk has come and the trailer's end.
    private static func unchunked(_ chunks: ArraySlice<UInt8>) -> [UInt8]? {
        var body: [UInt8] = [], position = chunks.startIndex
        while let feed = chunks[position...].firstIndex(of: UInt8(ascii: "\n")) {
            let digits = chunks[position..<feed].prefix { Character(UnicodeScalar($0)).isHexDigit }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            if size == 0 {
                return chunks.suffix(4).elementsEqual([13, 10, 13, 10]) ? body : nil
            }
            guard size <= chunks.endIndex - feed - 3 else { return nil }
            body += chunks[(feed + 1)..<(feed + 1 + size)]
            position = feed + 1 + size + 2
        }
        return nil
    }
}
