import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct ListeningSocketTests {
        private func ports(_ server: HTTPServer) -> [Int] {
            server.boundAddresses.compactMap { if case .tcp(_, let port) = $0 { port } else { nil } }
        }

        private func hosts(_ server: HTTPServer) -> [String] {
            server.boundAddresses.compactMap { if case .tcp(let host, _) = $0 { host } else { nil } }
        }

        private var hasIPv6: Bool {
            let server = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "::1", port: 0)]))
            return (try? server.bind()) != nil
        }

        @Test(arguments: [
            ("localhost", ["127.0.0.1", "::1"]), ("LOCALHOST", ["127.0.0.1", "::1"]), ("*", ["0.0.0.0", "::"]),
        ])
        func aNameForBothFamiliesGetsOnePort(_ name: String, _ expected: [String]) throws {
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: name, port: 0)]))
            try server.bind()
            #expect(hosts(server) == (hasIPv6 ? expected : [expected[0]]))
            #expect(Set(ports(server)).count == 1)
        }

        @Test func severalHostsGetOneFreePort() throws {
            let addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map { ListenAddress.tcp(host: $0, port: 0) }
            let server = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: addresses))
            try server.bind()
            #expect(Set(ports(server)).count == 1)
            #expect(hosts(server) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        }

        /// Half a server would answer some of those who ask for localhost, and another program the others.
        @Test func aPortInUseAtOneOfTheAddressesIsAnError() throws {
            guard hasIPv6 else { return }
            let first = makeServer(TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "::1", port: 0)]))
            try first.bind()
            let port = port(of: first)
            let second = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "localhost", port: port)]))
            let error = #expect(throws: SystemError.self) { try second.bind() }
            #expect(error?.description.contains("[::1]:\(port)") == true)
            #expect(error?.code == EADDRINUSE)
            #expect(second.boundAddresses.isEmpty)
        }

        @Test func aHostThatDoesNotExistIsExplained() {
            let server = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "no.such.host.invalid", port: 1)]))
            let error = #expect(throws: SystemError.self) { try server.bind() }
            #expect(error?.description.hasPrefix("resolving the host no.such.host.invalid: ") == true)
            #expect(error?.description.contains("Cannot assign") == false)
        }

        /// 0.0.0.0 gets what 127.0.0.1 would, so the system refuses to have both.
        @Test(arguments: [
            ("127.0.0.1,*", ["0.0.0.0", "::"]), ("*,::1", ["0.0.0.0", "::"]),
            ("localhost,127.0.0.1", ["127.0.0.1", "::1"]),
            ("127.0.0.1,localhost,::1", ["127.0.0.1", "::1"]), ("127.0.0.1,127.0.0.1", ["127.0.0.1"]),
            ("127.0.0.2,0.0.0.0,127.0.0.3,0.0.0.0", ["0.0.0.0"]), ("0.0.0.0,::1", ["0.0.0.0", "::1"]),
        ])
        func anAddressThatAnotherContainsIsListenedOnOnce(_ names: String, _ expected: [String]) throws {
            guard hasIPv6 else { return }
            let names = names.split(separator: ",").map(String.init)
            let server = makeServer(
                TestHandler.mirror,
                HTTPServerConfiguration(addresses: names.map { .tcp(host: $0, port: 0) }))
            try server.bind()
            #expect(hosts(server) == expected)
            #expect(Set(ports(server)).count == 1)
        }

        @Test func anAddressIsNotContainedInOneOfAnotherPort() throws {
            let first = makeServer(
                TestHandler.mirror, HTTPServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]))
            try first.bind()
            let rivals = HTTPServerConfiguration(addresses: [
                .tcp(host: "0.0.0.0", port: 0), .tcp(host: "127.0.0.1", port: port(of: first)),
            ])
            let error = #expect(throws: SystemError.self) { try makeServer(TestHandler.mirror, rivals).bind() }
            #expect(error?.code == EADDRINUSE)
        }

        /// A path of its own for a test.
        private func unusedPath() -> String { "/tmp/http-tests-\(getpid())-\(UInt64.random(in: 0...UInt64.max))" }

        private func server(atPath path: String, mode: UInt32? = nil) -> HTTPServer {
            var configuration = HTTPServerConfiguration(addresses: [.unix(path: path)])
            configuration.unixSocketMode = mode
            return makeServer(TestHandler.mirror, configuration)
        }

        @Test func whatHasTheSocketsPathIsNamedAndLeftAlone() throws {
            let path = unusedPath()
            let things: [(make: () throws -> Void, remove: () -> Void, word: String)] = [
                ({ _ = close(creat(path, 0o600)) }, { unlink(path) }, "a regular file"),
                ({ mkdir(path, 0o700) }, { rmdir(path) }, "a folder"),
                ({ symlink("/nowhere/at/all", path) }, { unlink(path) }, "a symbolic link"),
                ({ mkfifo(path, 0o600) }, { unlink(path) }, "not a socket"),
            ]
            for thing in things {
                try thing.make()
                defer { thing.remove() }
                var before = stat(), after = stat()
                #expect(lstat(path, &before) == 0)
                let error = #expect(throws: SystemError.self) { try server(atPath: path).bind() }
                #expect(error?.description.contains(path) == true && error?.description.contains(thing.word) == true)
                #expect(error?.code == EADDRINUSE)
                #expect(lstat(path, &after) == 0 && before.st_ino == after.st_ino && before.st_mode == after.st_mode)
            }
            let first = server(atPath: path)
            try first.bind()
            let error = #expect(throws: SystemError.self) { try server(atPath: path).bind() }
            #expect(error?.description.hasSuffix("another program listens there") == true)
        }

        @Test(arguments: [
            ("", "is empty"), ("/tmp/\u{0}", "null character"), (String(repeating: "x", count: 108), "107"),
        ])
        func aPathThatNoSocketCanHaveIsExplained(_ path: String, _ reason: String) {
            let error = #expect(throws: SystemError.self) { try server(atPath: path).bind() }
            #expect(error?.description.contains(reason) == true)
        }

        @Test func theFileOfASocketHasTheModeThatIsAskedForWhateverTheUmask() throws {
            let path = unusedPath()
            func mode() -> mode_t {
                var status = stat()
                return stat(path, &status) == 0 ? status.st_mode & 0o777 : mode_t.max
            }
            for wanted: UInt32 in [0o600, 0o660, 0o666, 0o777, 0o000, 0o070] {
                let asked = server(atPath: path, mode: wanted)
                try asked.bind()
                #expect(mode() == wanted)
            }
            let unasked = server(atPath: path)
            try unasked.bind()
            let status = try String(decoding: contents(of: "/proc/self/status"), as: UTF8.self)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
            let umask = try #require(mode_t(line.split(whereSeparator: \.isWhitespace).last ?? "", radix: 8))
            #expect(mode() == 0o777 & ~umask)
        }

        private func contents(of path: String) throws -> [UInt8] {
            let stream = try #require(fopen(path, "r"))
            defer { fclose(stream) }
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = fread(&bytes, 1, bytes.count, stream)
            return Array(bytes[..<count])
        }
    }
}
