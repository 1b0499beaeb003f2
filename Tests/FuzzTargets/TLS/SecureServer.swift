import COpenSSL
import Glibc
import HTTP
import HTTPFixtures
import Synchronization

/// The server that all clients of a process speak to: it runs until the process ends.
final class SecureServer: Sendable {
    private let server: HTTPServer
    private let port: Int
    private let clients = Atomic<Int>(0)
    /// Those of honest clients, by the version.
    private let sessions = Mutex<[Int32: Session]>([:])

    /// `@unchecked Sendable`: a session is not changed once it is made, and owners are counted atomically.
    private struct Session: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    private static let shared = Result { try SecureServer() }

    static func running() throws(Finding) -> SecureServer {
        do { return try shared.get() } catch { throw Finding("no server: \(error)") }
    }

    private init() throws {
        var configuration = HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
        configuration.tls = try TLSFixture().identity
        // Longer than anybody waits: no deadline is to hide a connection that has not seen its client's end.
        configuration.handshakeDeadline = .seconds(60)
        configuration.headDeadline = .seconds(60)
        configuration.lingerDeadline = .seconds(60)
        server = makeServer(TestHandler.echo, configuration)
        try server.bind()
        port = HTTPFixtures.port(of: server)
        Task.detached { [server] in try await server.run() }
    }

    /// Milliseconds after which a client that should not have to wait complains.
    private static let patience = 8000

    /// Connects; the handshake is for the caller to make.
    func client(_ options: SecureClient.Options) throws(Finding) -> SecureClient {
        do {
            let client = try SecureClient(port: port, options, handshake: false)
            client.raw.sendAtOnce()
            client.raw.wait(atMost: Self.patience)
            return client
        } catch {
            throw Finding("no connection: \(error)")
        }
    }

    /// All that still comes to a client that has finished, and whether the connection was not reset.
    static func rest(of client: RawClient) throws(Finding) -> (bytes: [UInt8], isWhole: Bool) {
        client.wait(atMost: patience)
        var bytes: [UInt8] = []
        do {
            while case let more = try client.some(), !more.isEmpty { bytes += more }
            return (bytes, true)
        } catch let failure as RawClient.Failure where failure.code == ECONNRESET {
            return (bytes, false)
        } catch {
            throw Finding("the server does not see its client's end: \(error)")
        }
    }

    /// One that an honest client was given, to be resumed.
    func session(_ version: Int32) throws(Finding) -> OpaquePointer? {
        if let session = sessions.withLock({ $0[version] }) { return session.pointer }
        let client = try client(.init(version: version))
        do {
            try client.shakeHands()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            // The ticket of TLS 1.3 comes with the reply.
            _ = try client.reply()
        } catch {
            throw Finding("no session: \(error)")
        }
        let session = Session(pointer: SSL_get1_session(client.ssl))
        sessions.withLock { $0[version] = session }
        return session.pointer
    }

    func serveAnHonestClientNowAndThen() throws(Finding) {
        guard clients.wrappingAdd(1, ordering: .relaxed).oldValue % 64 == 63 else { return }
        try TLSConversation([5, 1, 0, 10]).hold(with: self)
        try checkThatNothingIsLeft()
    }

    /// Waits until the last client's socket and memory are given back.
    func checkThatNothingIsLeft() throws(Finding) {
        let limit = ContinuousClock.now + .milliseconds(Self.patience)
        // One socket listens.
        while case let (sockets, bytes) = (openSockets, server.memory.used), sockets > 1 || bytes > 0 {
            guard ContinuousClock.now < limit else {
                throw Finding("\(sockets - 1) sockets and \(bytes) bytes are held for nobody")
            }
            sched_yield()
        }
    }

    /// Those of this process at the server's address.
    private var openSockets: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(Int32(name) ?? -1, $0, &length) }
            }
            if status == 0, address.sin_family == AF_INET, address.sin_port == in_port_t(port).bigEndian { count += 1 }
        }
        return count
    }
}
