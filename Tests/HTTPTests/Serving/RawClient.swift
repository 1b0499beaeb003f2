import Glibc

/// A blocking client that sends just what it is told to and shows what comes back.
///
/// A wait of more than a minute throws, so that a server that does not answer fails
/// a test rather than stopping it.
final class RawClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// The value of `errno`, where a call failed.
        var code: Int32 = 0
    }

    struct Reply {
        var status: Int
        var fields: [(name: String, value: String)]
        var body: [UInt8] = []
        var trailers: [(name: String, value: String)] = []

        var text: String { String(decoding: body, as: UTF8.self) }

        subscript(name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    init(port: Int, ipv6: Bool = false) throws {
        descriptor = socket(ipv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let status: Int32
        if ipv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(port).bigEndian
            address.sin6_addr = in6addr_loopback
            status = connectTo(address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            status = connectTo(address)
        }
        try configure(status)
    }

    /// nil where the connection is refused, or nobody answers: then no request has been sent.
    static func ifAccepted(port: Int) throws -> RawClient? {
        do {
            return try RawClient(port: port)
        } catch let failure as Failure where [ECONNREFUSED, ETIMEDOUT].contains(failure.code) {
            return nil
        }
    }

    init(unixPath: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: unixPath.utf8) }
        try configure(connectTo(address))
    }

    deinit {
        close()
    }

    private func connectTo<Address>(_ address: Address) -> Int32 {
        withUnsafeBytes(of: address) { bytes in
            connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    private func configure(_ status: Int32) throws {
        guard status == 0 else { throw Failure(description: "connect: errno \(errno)", code: errno) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    // MARK: Sending

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// Sends as much as fits without waiting; the number of bytes that did.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count <= 0 {
                // Full now: full for good if the server takes nothing for a while.
                var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&event, 1, 300)
                let again = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
                if again <= 0 { return sent }
                sent += again
                continue
            }
            sent += count
        }
        return sent
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        if isOpen { _ = Glibc.close(descriptor) }
        isOpen = false
    }

    // MARK: Receiving

    /// Waits for the beginning of a reply.
    ///
    /// - Parameter limit: milliseconds after which to do something else
    func hasReply(within limit: Int32) -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&event, 1, limit) > 0
    }

    /// More bytes; false at the end.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw Failure(description: "recv: errno \(errno)", code: errno) }
        buffer += chunk[..<count]
        return count > 0
    }

    /// What has come, or comes next; nothing at the end.
    func some() throws -> [UInt8] {
        if buffer.isEmpty { _ = try fill() }
        defer { buffer = [] }
        return buffer
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                guard end > 0, buffer[end - 1] == 13 else { throw Failure(description: "bare LF") }
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<(end - 1)], as: UTF8.self)
            }
            guard try fill() else {
                throw Failure(description: "end in a line: \(String(decoding: buffer, as: UTF8.self))")
            }
        }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw Failure(description: "end after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeSubrange(..<count) }
        return Array(buffer[..<count])
    }

    private func fields() throws -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        while case let text = try line(), !text.isEmpty {
            guard let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].first == " " else {
                throw Failure(description: "not a field: \(text)")
            }
            fields.append((String(text[..<colon]), String(text[text.index(colon, offsetBy: 2)...])))
        }
        return fields
    }

    /// The next reply, by the rules of RFC 9112 section 6.3.
    ///
    /// - Parameter isHead: whether it answers a HEAD request, and so has no body.
    func reply(isHead: Bool = false) throws -> Reply {
        let status = try line()
        guard status.hasPrefix("HTTP/1.1 "), let code = Int(status.dropFirst(9).prefix(3)) else {
            throw Failure(description: "not a status line: \(status)")
        }
        var reply = Reply(status: code, fields: try fields())
        // A handler that tells the method spares the caller to know it.
        let isHead = isHead || reply["X-Method"] == "HEAD"
        if isHead || code < 200 || code == 204 || code == 304 { return reply }
        if reply["Transfer-Encoding"] == "chunked" {
            while let size = Int(try line(), radix: 16), size > 0 {
                reply.body += try bytes(size)
                guard try line() == "" else { throw Failure(description: "a chunk without an end") }
            }
            reply.trailers = try fields()
        } else if let length = reply["Content-Length"].flatMap({ Int($0) }) {
            reply.body = try bytes(length)
        } else {
            reply.body = try rest()
        }
        return reply
    }

    /// The next reply; nil where the server has closed, or reset what it no longer reads.
    func replyUnlessClosed() throws -> Reply? {
        do {
            guard try !buffer.isEmpty || fill() else { return nil }
        } catch let failure as Failure where failure.code == ECONNRESET {
            return nil
        }
        return try reply()
    }

    /// Everything until the server closes.
    func rest() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    func restText() throws -> String {
        String(decoding: try rest(), as: UTF8.self)
    }

    /// What comes until a text has come.
    func text(upTo end: String) throws -> String {
        while true {
            let heard = String(decoding: buffer, as: UTF8.self)
            if heard.contains(end) {
                buffer = []
                return heard
            }
            guard try fill() else { throw Failure(description: "no \(end) in \(heard)") }
        }
    }

    /// Whether the server has closed, having sent no more.
    func isClosed() throws -> Bool {
        try rest().isEmpty
    }
}
