import Glibc

/// A blocking client that sends just what it is told to and shows what comes back.
///
/// A wait of more than a minute throws, so that a server that does not answer fails
/// a test rather than stopping it.
public final class RawClient {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        /// The value of `errno`, where a call failed.
        public var code: Int32 = 0
    }

    public struct Reply {
        public var status: Int
        public var fields: [(name: String, value: String)]
        public var body: [UInt8] = []
        public var trailers: [(name: String, value: String)] = []

        public var text: String { String(decoding: body, as: UTF8.self) }

        public subscript(name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    public let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    public init(port: Int, ipv6: Bool = false) throws {
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

    /// From another address of this machine than the other clients have: `127.0.0.SOURCE`.
    public init(port: Int, source: UInt8) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = (UInt32(0x7F00_0000) | UInt32(source)).bigEndian
        _ = withUnsafeBytes(of: address) { bytes in
            bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try configure(connectTo(address))
    }

    /// nil where the connection is refused, or nobody answers: then no request has been sent.
    public static func ifAccepted(port: Int) throws -> RawClient? {
        do {
            return try RawClient(port: port)
        } catch let failure as Failure where [ECONNREFUSED, ETIMEDOUT].contains(failure.code) {
            return nil
        }
    }

    public init(unixPath: String) throws {
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
        setOption(SO_SNDTIMEO, timeval(tv_sec: 60, tv_usec: 0))
        wait(atMost: 60_000)
    }

    private func setOption<Value>(_ name: Int32, _ value: Value) {
        withUnsafeBytes(of: value) {
            _ = setsockopt(descriptor, SOL_SOCKET, name, $0.baseAddress, socklen_t($0.count))
        }
    }

    /// How long it waits for the server to send something.
    ///
    /// - Parameter milliseconds: afterwards what waits throws
    public func wait(atMost milliseconds: Int) {
        setOption(SO_RCVTIMEO, timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000))
    }

    /// Has the kernel send each piece as it comes, not several together.
    public func sendAtOnce() {
        var isOn: CInt = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<CInt>.size))
    }

    /// A signal that the process handles, such as a fuzzer's timer, is no reason to give up.
    private static func repeatWhileInterrupted(_ call: () -> Int) -> Int {
        while true {
            let count = call()
            if count >= 0 || errno != EINTR { return count }
        }
    }

    // MARK: Sending

    public func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Self.repeatWhileInterrupted {
                    Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
            guard count > 0 else { throw Failure(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// Sends as much as fits without waiting; the number of bytes that did.
    public func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
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

    public func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    public func close() {
        if isOpen { _ = Glibc.close(descriptor) }
        isOpen = false
    }

    /// Closes without the end that a server sees when a client has finished: the connection is reset.
    public func reset() {
        setOption(SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        close()
    }

    // MARK: Receiving

    /// Waits for the beginning of a reply.
    ///
    /// - Parameter limit: milliseconds after which to do something else
    public func hasReply(within limit: Int32) -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&event, 1, limit) > 0
    }

    /// More bytes; false at the end.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = Self.repeatWhileInterrupted { recv(descriptor, &chunk, chunk.count, 0) }
        guard count >= 0 else { throw Failure(description: "recv: errno \(errno)", code: errno) }
        buffer += chunk[..<count]
        return count > 0
    }

    /// What has come, or comes next; nothing at the end.
    public func some() throws -> [UInt8] {
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
    public func reply(isHead: Bool = false) throws -> Reply {
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
    public func replyUnlessClosed() throws -> Reply? {
        do {
            guard try !buffer.isEmpty || fill() else { return nil }
        } catch let failure as Failure where failure.code == ECONNRESET {
            return nil
        }
        return try reply()
    }

    /// Everything until the server closes.
    public func rest() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    public func restText() throws -> String {
        String(decoding: try rest(), as: UTF8.self)
    }

    /// What comes until a text has come.
    public func text(upTo end: String) throws -> String {
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
    public func isClosed() throws -> Bool {
        try rest().isEmpty
    }
}
