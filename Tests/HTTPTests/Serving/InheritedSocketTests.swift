import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    /// Sockets that another program has opened and keeps.
    @Suite struct InheritedSocketTests {
        /// What a service manager does: it keeps its own descriptor and hands on a copy.
        private final class Manager: Sendable {
            let descriptor: Int32
            let port: Int

            /// Listens on a free port.
            init(listens: Bool = true) {
                descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                Self.attach(descriptor, to: &address, listens: listens)
                port = Int(in_port_t(bigEndian: address.sin_port))
            }

            init(unixPath: String) {
                descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
                port = 0
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: unixPath.utf8) }
                Self.attach(descriptor, to: &address, listens: true)
            }

            private static func attach<Address>(_ descriptor: Int32, to address: inout Address, listens: Bool) {
                var length = socklen_t(MemoryLayout<Address>.size)
                withUnsafeMutablePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        _ = bind(descriptor, pointer, length)
                        if listens { _ = listen(descriptor, 16) }
                        _ = getsockname(descriptor, pointer, &length)
                    }
                }
            }

            func copy() -> Int32 { dup(descriptor) }

            deinit { close(descriptor) }
        }

        private func answers(_ client: RawClient) async throws -> Bool {
            let client = Handed(client)
            return try await onThread {
                try client.value.send(get)
                return try client.value.reply().status == 200
            }
        }

        @Test func aServerAnswersAtIt() async throws {
            let manager = Manager(), descriptor = manager.copy()
            try await withServer(TestHandler.mirror, { $0.inheritedSockets = [descriptor] }) { port, server in
                #expect(port == manager.port)
                #expect(server.boundAddresses == [.tcp(host: "127.0.0.1", port: manager.port)])
                let isAnswered = try await answers(RawClient(port: port))
                #expect(isAnswered)
            }
        }

        /// A client who comes while no process serves waits in the queue, and the next process answers it.
        @Test func theNextProcessAnswersWhoCameInBetween() async throws {
            let manager = Manager()
            for _ in 0..<2 {
                let descriptor = manager.copy()
                let server = try StoppableServer(TestHandler.mirror) { $0.inheritedSockets = [descriptor] }
                let isAnswered = try await answers(RawClient(port: manager.port))
                #expect(isAnswered)
                await server.group.triggerGracefulShutdown()
                try await server.running.value
            }
            let client = Handed(try RawClient(port: manager.port))
            let descriptor = manager.copy()
            try await withServer(TestHandler.mirror, { $0.inheritedSockets = [descriptor] }) { _ in
                let isAnswered = try await answers(client.value)
                #expect(isAnswered)
            }
        }

        @Test func theFileOfAUnixSocketStays() async throws {
            let path = "/tmp/riviera-inherited-\(getpid())"
            defer { unlink(path) }
            let manager = Manager(unixPath: path), descriptor = manager.copy()
            try await withServer(TestHandler.mirror, { $0.inheritedSockets = [descriptor] }) { _, server in
                #expect(server.boundAddresses == [.unix(path: path)])
                let isAnswered = try await answers(RawClient(unixPath: path))
                #expect(isAnswered)
            }
            #expect(access(path, F_OK) == 0)
        }

        @Test func whatDoesNotListenIsRefusedByName() throws {
            let idle = Manager(listens: false)
            for descriptor in [idle.descriptor, STDERR_FILENO, 1023, -1] {
                var configuration = HTTPServerConfiguration()
                configuration.inheritedSockets = [descriptor]
                let server = makeServer(TestHandler.mirror, configuration)
                let error = #expect(throws: SystemError.self) { try server.bind() }
                #expect(error?.description.contains("descriptor \(descriptor)") == true)
            }
        }
    }
}
