import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct EventLoopAcceptingTests {
        @Test func unfinishedHeadsGiveWayToNewClients() async throws {
            try await withServer(TestHandler.mirror) { configuration in
                configuration.connectionLimit = 8
                // Long enough for what the clients have sent to be read.
                configuration.givesWayAfter = .milliseconds(50)
                configuration.headDeadline = .seconds(3600)
            } _: { port in
                try await onThread {
                    // Many more than there are places, none of which finishes its head.
                    let slow = try (0..<40).map { _ in
                        let client = try RawClient(port: port)
                        try client.send("GET /never HTTP/1.1\r\nHost: a\r\nX-")
                        return client
                    }
                    let client = try RawClient(port: port)
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                    // The oldest has been told why.
                    let reply = try slow[0].reply()
                    #expect(reply.status == 408)
                    #expect(reply["Connection"] == "close")
                    #expect(try slow[0].isClosed())
                }
            }
        }

        @Test func idleConnectionsGiveWayFirst() async throws {
            try await withServer(TestHandler.mirror) { configuration in
                configuration.connectionLimit = 2
                configuration.givesWayAfter = .zero
            } _: { port in
                try await onThread {
                    let slow = try RawClient(port: port), idle = try RawClient(port: port)
                    try slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n")
                    try idle.send(get)
                    _ = try idle.reply()
                    let new = try RawClient(port: port)
                    try new.send(get)
                    #expect(try new.reply().text == "/a\n")
                    #expect(try idle.isClosed())
                    try slow.send("\r\n")
                    #expect(try slow.reply().text == "/slow\n")
                }
            }
        }

        /// Ways to keep a server waiting for its client.
        enum Stall: CaseIterable {
            case unreadBody, body, reply

            var request: String {
                switch self {
                case .unreadBody: "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
                case .body: "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
                case .reply: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"
                }
            }
        }

        /// Reads a body at `/body`, has a large reply at `/large`, refuses at once at `/refused`.
        private static let stalled: TestHandler = {
            let large = [UInt8](repeating: 1, count: 16 << 20)
            var handler = TestHandler { request in
                switch request.path {
                case "/large": return Response(body: .bytes(large))
                case "/body":
                    let count = try? await request.body.collect().count
                    return .text("\(count ?? -1)")
                default: return .text(request.target)
                }
            }
            handler.immediate = { $0.path == "/refused" ? .text("no", status: .unauthorized) : nil }
            return handler
        }()

        @Test(arguments: Stall.allCases) func whoKeepsTheServerWaitingGivesWay(stall: Stall) async throws {
            let displaced = Countdown(6)
            var handler = Self.stalled
            handler.event = { if $0 == .displaced(.room) { displaced.happen() } }
            try await withServer(handler) { configuration in
                configuration.connectionLimit = 8
                configuration.givesWayAfter = .milliseconds(50)
                configuration.bodyDeadline = .seconds(3600)
                configuration.lingerDeadline = .seconds(3600)
                configuration.writeDeadline = .seconds(3600)
            } _: { port in
                try await onThread {
                    let stalling = try (0..<13).map { _ in
                        let client = try RawClient(port: port)
                        try client.send(stall.request)
                        return client
                    }
                    let client = try RawClient(port: port)
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                    guard stall == .body else { return }
                    // As many as came before it beyond the places have been told why.
                    let closed = stalling.filter { $0.hasReply(within: 0) }
                    #expect(closed.count == 6)
                    for client in closed {
                        #expect(try client.reply().status == 408)
                        #expect(try client.isClosed())
                    }
                }
            }
            await displaced.wait()
        }

        /// A byte now and then keeps a place, unless the client's address has more than half of all places.
        @Test(arguments: [false, true]) func aByteNowAndThenKeepsNoPlaceForAnAddressWithMany(many: Bool) async throws {
            try await withServer(Self.stalled) { configuration in
                configuration.connectionLimit = 4
                configuration.givesWayAfter = .seconds(3)
                configuration.bodyDeadline = .seconds(3600)
            } _: { port in
                try await onThread {
                    let trickling = try (0..<4).map { index in
                        let client = try RawClient(port: port, source: many ? 2 : UInt8(2 + index))
                        try client.send(
                            "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
                        return client
                    }
                    let other = try RawClient(port: port)
                    try other.send(get)
                    for _ in 0..<(many ? 1200 : 100) where !other.hasReply(within: 50) {
                        for client in trickling { try? client.send("x") }
                    }
                    #expect(other.hasReply(within: 0) == many)
                    for client in trickling { client.close() }
                    #expect(try other.reply().text == "/a\n")
                }
            }
        }

        @Test func aConnectionWithWorkDoesNotGiveWay() async throws {
            let begun = Event(), release = Event()
            let handler = TestHandler { request in
                if request.path != "/task" { return .text("\(release.hasHappened)") }
                begun.happen()
                await release.wait()
                return .text(request.target)
            }
            try await withServer(handler) { configuration in
                configuration.connectionLimit = 1
                configuration.givesWayAfter = .zero
            } _: { port in
                let worker = try await onThread {
                    let client = try RawClient(port: port)
                    try client.send("GET /task HTTP/1.1\r\nHost: a\r\n\r\n")
                    return Handed(client)
                }
                await begun.wait()
                try await onThread {
                    let other = try RawClient(port: port)
                    try other.send(get)
                    release.happen()
                    #expect(try worker.value.reply().text == "/task\n")
                    // Its own is idle now.
                    #expect(try other.reply().text == "true\n")
                }
            }
        }

        /// Without a descriptor for a new client (EMFILE) the idle one gives way to it.
        @Test func withoutADescriptorAnIdleConnectionGivesWay() async {
            await #expect(processExitsWith: .success) {
                try await withServer(TestHandler.mirror, { $0.givesWayAfter = .zero }) { port in
                    try await onThread {
                        let idle = try RawClient(port: port)
                        try idle.send(get)
                        _ = try idle.reply()
                        let descriptors = Descriptors(leaving: 1)
                        defer { descriptors.release() }
                        let client = try RawClient(port: port)
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                        #expect(try idle.isClosed())
                    }
                }
            }
        }

        /// Where nobody can give way, the client waits until there is a descriptor again.
        @Test func withoutADescriptorAClientWaits() async {
            await #expect(processExitsWith: .success) {
                try await withServer(TestHandler.mirror, { $0.givesWayAfter = .seconds(3600) }) { port in
                    try await onThread {
                        // Its reply shows that the server has the descriptors that it needs itself. It stays
                        // open, so that it leaves none for the next client.
                        let first = try RawClient(port: port)
                        try first.send(get)
                        _ = try first.reply()
                        let descriptors = Descriptors(leaving: 1)
                        let second = try RawClient(port: port)
                        try second.send(get)
                        #expect(!second.hasReply(within: 250))
                        try first.send(get)
                        #expect(try first.reply().text == "/a\n")
                        descriptors.release()
                        #expect(try second.reply().text == "/a\n")
                    }
                }
            }
        }
    }
}

/// Takes all descriptors that the process may still have, but for some.
///
/// For a process of its own: in that of the other tests some would fail for want of descriptors, and
/// servers that have just stopped would still give some back.
private struct Descriptors {
    private let taken: [Int32]
    private let limit: rlimit

    init(leaving free: Int) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        self.limit = limit
        // A lower limit than the process's, so that few have to be taken.
        let probe = dup(2)
        close(probe)
        var lower = rlimit(rlim_cur: min(limit.rlim_cur, rlim_t(probe) + 200), rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &lower)
        var taken: [Int32] = []
        while case let descriptor = dup(2), descriptor >= 0 { taken.append(descriptor) }
        for descriptor in taken.suffix(free) { close(descriptor) }
        self.taken = taken.dropLast(free)
    }

    func release() {
        for descriptor in taken { close(descriptor) }
        var limit = limit
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
