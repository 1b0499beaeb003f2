import APIFixtures
import Glibc

/// Sends requests to a server, each over a connection of its own.
struct SweepSocket: Sendable {
    struct Reply {
        let status: Int
        let contentType: String?
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Failure: Error { let reason: String }

    private let host: String
    private let port: UInt16

    /// - Parameter server: an IPv4 address and a port: 127.0.0.1:8080.
    init(_ server: String) throws {
        let parts = server.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else { throw Failure(reason: "host:port is expected") }
        host = String(parts[0])
        self.port = port
    }

    func send(_ request: SweepRequest) throws -> Reply {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(reason: "no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(reason: "no connection: \(errno)") }
        var head = "\(request.method.rawValue) \(request.target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if let accept = request.accept { head += "Accept: \(accept)\r\n" }
        if let type = request.contentType, !request.body.isEmpty { head += "Content-Type: \(type)\r\n" }
        if let coding = request.contentEncoding { head += "Content-Encoding: \(coding)\r\n" }
        head += "Content-Length: \(request.body.count)\r\n\r\n"
        try write(Array(head.utf8) + request.body, to: descriptor)
        return try Self.reply(readAll(from: descriptor), isHead: request.method == .head)
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var position = 0
        while position < bytes.count {
            let count = bytes[position...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A server may answer before it has read everything, and close.
            guard count > 0 else { return }
            position += count
        }
    }

    private func readAll(from descriptor: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        guard !bytes.isEmpty else { throw Failure(reason: "an empty reply") }
        return bytes
    }

    private static func reply(_ bytes: [UInt8], isHead: Bool) throws -> Reply {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let headEnd = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
            throw Failure(reason: "no head")
        }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(reason: "no status")
        }
        func field(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        var body = Array(bytes[(headEnd + 4)...])
        if !isHead, let length = field("content-length").flatMap({ Int($0) }), length != body.count {
            throw Failure(reason: "\(body.count) of \(length) bytes")
        }
        if field("transfer-encoding")?.lowercased() == "chunked" { body = try unchunked(body) }
        return Reply(status: status, contentType: field("content-type"), body: isHead ? [] : body)
    }

    private static func unchunked(_ bytes: [UInt8]) throws -> [UInt8] {
        var body: [UInt8] = [], position = 0
        while let line = bytes[position...].firstIndex(of: 10) {
            let digits = String(decoding: bytes[position..<line], as: UTF8.self).prefix { $0.isHexDigit }
            guard let size = Int(digits, radix: 16), line + 1 + size <= bytes.count else { break }
            if size == 0 { return body }
            body += bytes[(line + 1)..<(line + 1 + size)]
            position = line + 1 + size + 2
        }
        throw Failure(reason: "a body that breaks off")
    }
}
