import COpenSSL
import Certificates
import Glibc
import HTTP
import HTTPFixtures
import HTTPTypes
import Testing

extension ServingTests {
    @Suite struct TLSConnectionTests {
        @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
        func largeBodiesGoBothWays(_ version: Int32) async throws {
            try await withSecureServer(TestHandler.echo) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(version: version))
                    let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 16) }
                    for length in [0, 1, 16383, 16384, 16385, 100_000, body.count] {
                        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
                        try client.send(Array(body[..<length]))
                        #expect(try client.reply().body == Array(body[..<length]))
                    }
                }
            }
        }

        @Test(arguments: [1, 2, 7, 100])
        func bytesMayComeInPiecesOfAnySize(_ piece: Int) async throws {
            try await withSecureServer(TestHandler.echo) { port in
                try await onThread {
                    for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
                        let client = try SecureClient(port: port, .init(version: version, piece: piece))
                        let body = [UInt8](repeating: 7, count: 3000)
                        try client.send(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n".utf8) + body)
                        #expect(try client.reply().body == body)
                    }
                }
            }
        }

        @Test func requestsThatComeTogetherAreAnsweredInOrder() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try SecureClient(port: port)
                    // More than one record, and more than one read.
                    let count = 5000
                    try client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                    for index in 0..<count { #expect(try client.reply().text == "/\(index)\n") }
                }
            }
        }

        @Test func oneWhoDoesNotReadHoldsUpNobody() async throws {
            let body = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 / 1000) }
            var handler = TestHandler.mirror
            handler.immediate = { $0.path == "/large" ? Response(body: .bytes(body)) : nil }
            try await withSecureServer(handler) { port in
                try await onThread {
                    let slow = try SecureClient(port: port)
                    try slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(slow.raw.hasReply(within: 10_000))
                    let other = try SecureClient(port: port)
                    for _ in 0..<20 {
                        try other.send(get)
                        #expect(try other.reply().text == "/a\n")
                    }
                    #expect(try slow.reply().body == body)
                }
            }
        }

        @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
        func whoHasFinishedSendingStillGetsTheReplyAndTheEnd(_ version: Int32) async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(version: version))
                    try client.send(get)
                    try client.finishSending()
                    #expect(try client.reply().text == "/a\n")
                    #expect(try client.isClosed())
                    let closing = try SecureClient(port: port, .init(version: version))
                    try closing.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    #expect(try closing.reply().text == "/a\n")
                    #expect(try closing.isClosed())
                }
            }
        }

        @Test func whoHangsUpGivesItsPlaceBackInEveryState() async throws {
            let handler = TestHandler { request in
                if request.path == "/wait" { await untilCancelled() }
                return .text(request.path)
            }
            try await withServer(
                handler,
                {
                    $0.tls = try? TLSFixture().identity
                    $0.connectionLimit = 3
                }
            ) { port, server in
                try await onThread {
                    for _ in 0..<5 {
                        _ = try RawClient(port: port)
                        let begun = try SecureClient(port: port, handshake: false)
                        let hello = begun.clientHello()
                        try begun.raw.send(Array(hello[..<(hello.count / 2)]))
                        begun.raw.close()
                        let answered = try SecureClient(port: port, handshake: false)
                        try answered.raw.send(answered.clientHello())
                        #expect(answered.raw.hasReply(within: 10_000))
                        answered.raw.close()
                        for text in [
                            "", "GET /a HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123",
                            "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n",
                        ] {
                            let client = try SecureClient(port: port)
                            try client.send(text)
                            client.raw.close()
                        }
                    }
                    let client = try SecureClient(port: port)
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                }
                // One connection is left at most.
                while server.memory.used > 100_000 { await Task.yield() }
            }
        }

        @Test func aDamagedRecordEndsTheConnectionAndIsNoRequest() async throws {
            let served = Collected<String>()
            let handler = TestHandler { request in
                served.append(request.path)
                return .text(request.path)
            }
            try await withSecureServer(handler) { port in
                try await onThread {
                    for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
                        let isArmed = Armed()
                        let client = try SecureClient(
                            port: port,
                            .init(
                                version: version,
                                damage: { bytes, _ in if isArmed.value { bytes[bytes.count - 1] ^= 1 } }))
                        try client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
                        #expect(try client.reply().text == "/first\n")
                        isArmed.value = true
                        try client.send("GET /damaged HTTP/1.1\r\nHost: a\r\n\r\n")
                        #expect(throws: (any Error).self) { try client.reply() }
                    }
                }
            }
            #expect(served.all == ["/first", "/first"])
        }

        @Test func keysAreUpdatedAndAClientThatDoesNothingElseIsLeft() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(version: TLS1_3_VERSION))
                    for _ in 0..<3 {
                        SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED)
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                    }
                    let abuser = try SecureClient(port: port, .init(version: TLS1_3_VERSION))
                    #expect(throws: (any Error).self) {
                        for _ in 0..<5000 {
                            SSL_key_update(abuser.ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
                            try abuser.handshakeAgain()
                        }
                        try abuser.send(get)
                        _ = try abuser.reply()
                    }
                }
            }
        }

        @Test func aShutdownAnswersWhatRunsAndWhatShakesHands() async throws {
            let begun = Event(), release = Event(), fixture = try TLSFixture()
            let handler = TestHandler { request in
                if request.path == "/wait" {
                    begun.happen()
                    await release.wait()
                }
                return .text(request.path)
            }
            let stoppable = try StoppableServer(handler) { $0.tls = fixture.identity }
            let port = stoppable.port
            let (waiting, late) = try await onThread {
                let waiting = try SecureClient(port: port)
                try waiting.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                return (Handed(waiting), Handed(try SecureClient(port: port, handshake: false)))
            }
            await begun.wait()
            await stoppable.group.triggerGracefulShutdown()
            try await onThread {
                try late.value.shakeHands()
                try late.value.send(get)
                #expect(try late.value.reply()["Connection"] == "close")
                #expect(try late.value.isClosed())
                release.happen()
                #expect(try waiting.value.reply().text == "/wait\n")
                #expect(try waiting.value.isClosed())
            }
            try await stoppable.running.value
        }

        private final class Armed {
            var value = false
        }
    }
}
