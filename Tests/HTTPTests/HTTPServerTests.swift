import Glibc
import HTTP
import Testing

extension ServingTests {
    @Suite struct HTTPServerTests {
        @Test func clientsBeyondTheLimitWait() async throws {
            let release = Event()
            let handler = TestHandler { request in
                if request.path == "/wait" { await release.wait() }
                return .text(request.path)
            }
            try await withServer(handler, { $0.connectionLimit = 2 }) { port in
                try await onThread {
                    let first = try RawClient(port: port), second = try RawClient(port: port), third = try RawClient(port: port)
                    for client in [first, second] { try client.send("GET /wait HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") }
                    try third.send(get)
                    var byte: UInt8 = 0
                    usleep(300_000)
                    #expect(recv(third.descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == -1)
                    release.happen()
                    #expect(try first.reply().text == "/wait\n")
                    #expect(try second.reply().text == "/wait\n")
                    first.close()
                    second.close()
                    #expect(try third.reply().text == "/a\n")
                }
            }
        }

        @Test func aGracefulShutdownFinishesWhatRuns() async throws {
            let started = Event(), release = Event()
            let handler = TestHandler { _ in
                started.happen()
                await release.wait()
                return .text("done")
            }
            let server = try StoppableServer(handler), port = server.port
            let idle = try await onThread { Handed(try RawClient(port: port)) }
            let reply = Task {
                try await onThread {
                    let client = try RawClient(port: port)
                    try client.send(get)
                    let reply = try client.reply()
                    return (reply.text, reply["Connection"], try client.isClosed())
                }
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            #expect(try await onThread { try idle.value.isClosed() })
            while (try? await onThread { Handed(try RawClient(port: port)) }) != nil {
                try await Task.sleep(for: .milliseconds(10))
            }
            release.happen()
            let (text, connection, isClosed) = try await reply.value
            #expect(text == "done\n")
            #expect(connection == "close")
            #expect(isClosed)
            try await server.running.value
            #expect(server.server.boundAddresses.isEmpty)
        }

        @Test func aShutdownDoesNotWaitBeyondItsGrace() async throws {
            let started = Event(), cancelled = Event()
            let handler = TestHandler { _ in
                started.happen()
                try? await Task.sleep(for: .seconds(100))
                cancelled.happen()
                return .text("late")
            }
            let server = try StoppableServer(handler) { $0.shutdownGrace = .milliseconds(100) }
            let port = server.port
            let client = try await onThread {
                let client = try RawClient(port: port)
                try client.send(get)
                return Handed(client)
            }
            await started.wait()
            await server.group.triggerGracefulShutdown()
            try await server.running.value
            await cancelled.wait()
            client.value.close()
        }

        @Test func severalAddressesAreServedAtOnce() async throws {
            let path = "/tmp/http-tests-\(getpid()).sock"
            let addresses: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: path)]
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: addresses))
            try server.bind()
            let ports = server.boundAddresses.compactMap { address in
                if case .tcp(_, let port) = address { port } else { nil }
            }
            #expect(server.boundAddresses.last == .unix(path: path))
            #expect(ports.allSatisfy { $0 > 0 })
            let running = Task { try await server.run() }
            try await onThread {
                for client in [try RawClient(port: ports[0]), try RawClient(port: ports[1], ipv6: true), try RawClient(unixPath: path)] {
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                }
            }
            // In use by a live server; free again when it has gone.
            let rival = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.unix(path: path)]))
            #expect(throws: SystemError.self) { try rival.bind() }
            running.cancel()
            try await running.value
            #expect(access(path, F_OK) != 0)
            try rival.bind()
        }

        @Test func anAddressThatCannotBeHadIsNamed() {
            for address in [ListenAddress.tcp(host: "no.such.host.invalid", port: 1), .tcp(host: "127.0.0.1", port: 70000), .unix(path: "/no/such/folder/socket")] {
                let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [address]))
                #expect(throws: SystemError.self) { try server.bind() }
            }
        }
    }
}
