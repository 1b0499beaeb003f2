import COpenSSL
import Certificates
import Glibc
import HTTP
import HTTPFixtures
import Testing

extension ServingTests {
    @Suite struct TLSHandshakeTests {
        @Test(arguments: [(TLS1_2_VERSION, "TLSv1.2"), (TLS1_3_VERSION, "TLSv1.3")])
        func bothVersionsAreSpoken(_ version: Int32, _ name: String) async throws {
            let authority = Authority(), records = Collected<ExchangeRecord>()
            var handler = TestHandler.mirror
            handler.record = { records.append($0) }
            let certificate = authority.issue(), root = authority.certificate
            let handed = Handed(root)
            try await withSecureServer(handler, try TLSFixture(certificate)) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(version: version, authority: handed.value))
                    #expect(client.version == name)
                    for _ in 0..<3 {
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                    }
                }
            }
            #expect(records.all.map(\.tlsVersion) == [name, name, name])
        }

        @Test func olderVersionsAreRefused() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread { () throws -> Void in
                    #expect(throws: (any Error).self) {
                        _ = try SecureClient(port: port, .init(version: TLS1_1_VERSION))
                    }
                }
            }
        }

        @Test func anOfferOfProtocolsMustHaveOurs() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    for (offered, chosen) in [([], nil), (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1")] {
                        let client = try SecureClient(port: port, .init(protocols: offered))
                        #expect(client.chosenProtocol == chosen)
                    }
                    for offered in [["h2"], ["http/1.0"], ["http/1.", "1"]] {
                        do {
                            _ = try SecureClient(port: port, .init(protocols: offered))
                            Issue.record("\(offered) was accepted")
                        } catch let failure as SecureClient.Failure {
                            #expect(failure.description.contains("no application protocol"))
                        }
                    }
                }
            }
        }

        @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
        func aSessionCanBeResumedUntilTheCertificateIsReadAgain(_ version: Int32) async throws {
            let fixture = try TLSFixture()
            try await withSecureServer(TestHandler.mirror, fixture) { port in
                try await onThread {
                    let first = try SecureClient(port: port, .init(version: version))
                    #expect(!first.wasResumed)
                    try first.send(get)
                    _ = try first.reply()
                    let session = SSL_get1_session(first.ssl)
                    defer { SSL_SESSION_free(session) }
                    let second = try SecureClient(port: port, .init(version: version, session: session))
                    #expect(second.wasResumed)
                    try second.send(get)
                    #expect(try second.reply().text == "/a\n")

                    try fixture.identity.reload()
                    let third = try SecureClient(port: port, .init(version: version, session: session))
                    #expect(!third.wasResumed)
                    try third.send(get)
                    #expect(try third.reply().text == "/a\n")
                }
            }
        }

        @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
        func onlyClientsOfTheAuthorityAreLetIn(_ version: Int32) async throws {
            let clients = Authority(name: "Clients"), strangers = Authority(name: "Strangers")
            let fixture = try TLSFixture(clients: clients.certificate)
            let known = Handed([clients.issue("one"), clients.issue("two")])
            let unknown = Handed([
                nil, strangers.issue("stranger"), clients.issue("expired", validity: -7200 ... -3600),
            ])
            try await withSecureServer(TestHandler.mirror, fixture) { port in
                try await onThread {
                    for certificate in known.value {
                        let client = try SecureClient(port: port, .init(version: version, certificate: certificate))
                        try client.send(get)
                        #expect(try client.reply().text == "/a\n")
                    }
                    for certificate in unknown.value {
                        // With TLS 1.3 a client learns of it after its own part of the handshake.
                        #expect(throws: SecureClient.Failure.self) {
                            let client = try SecureClient(port: port, .init(version: version, certificate: certificate))
                            try client.send(get)
                            _ = try client.reply()
                        }
                    }
                }
            }
        }

        /// An intermediate that is named is an authority, and its root is none.
        @Test func onlyClientsOfANamedIntermediateAreLetIn() async throws {
            let root = Authority(name: "Root"), lab = Authority(name: "Lab", issuer: root)
            let other = Authority(name: "Other", issuer: root)
            let fixture = try TLSFixture(clients: lab.certificate)
            let known = Handed(lab.issue("one"))
            let unknown = Handed([root.issue("of the root"), other.issue("of the other")])
            try await withSecureServer(TestHandler.mirror, fixture) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(certificate: known.value))
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                    for certificate in unknown.value {
                        #expect(throws: SecureClient.Failure.self) {
                            let client = try SecureClient(port: port, .init(certificate: certificate))
                            try client.send(get)
                            _ = try client.reply()
                        }
                    }
                }
            }
        }

        /// Who asked is in the record of each request, of a session that is resumed, too.
        @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
        func theRecordNamesTheClientsCertificate(_ version: Int32) async throws {
            let clients = Authority(name: "Clients"), records = Collected<ExchangeRecord>()
            let long = String(repeating: "ü", count: 500), hostile = "a\n\"level\":\u{1b}[31m"
            let certificates = [clients.issue("one"), clients.issue(""), clients.issue(long), clients.issue(hostile)]
            let names = ["one", "serial:" + certificates[1].serial, String(repeating: "ü", count: 64) + "…", hostile]
            var handler = TestHandler.mirror
            handler.record = { records.append($0) }
            let handed = Handed(certificates)
            try await withSecureServer(handler, try TLSFixture(clients: clients.certificate)) { port in
                try await onThread {
                    for certificate in handed.value {
                        let first = try SecureClient(port: port, .init(version: version, certificate: certificate))
                        try first.send(get)
                        _ = try first.reply()
                        let session = SSL_get1_session(first.ssl)
                        defer { SSL_SESSION_free(session) }
                        let second = try SecureClient(
                            port: port, .init(version: version, certificate: certificate, session: session))
                        #expect(second.wasResumed)
                        try second.send(get)
                        _ = try second.reply()
                    }
                }
            }
            #expect(records.all.map(\.clientCertificate) == names.flatMap { [$0, $0] })
        }

        @Test func withoutACertificateTheRecordHasNone() async throws {
            let records = Collected<ExchangeRecord>()
            var handler = TestHandler.mirror
            handler.record = { records.append($0) }
            try await withSecureServer(handler) { port in
                try await onThread {
                    let client = try SecureClient(port: port)
                    try client.send(get)
                    _ = try client.reply()
                }
            }
            #expect(records.all.map(\.clientCertificate) == [nil])
        }

        @Test func aCertificateIsReadAgainWhileConnectionsGoOn() async throws {
            let authority = Authority(), fixture = try TLSFixture(authority.issue("old"))
            let renewed = Handed(authority.issue("new"))
            try await withSecureServer(TestHandler.mirror, fixture) { port in
                try await onThread {
                    let before = try SecureClient(port: port)
                    #expect(before.serverName == "old")
                    // Half of a new pair: the old one stays in use.
                    fixture.files.write("server.pem", renewed.value.pem)
                    #expect(throws: TLSError.self) { try fixture.identity.reload() }
                    #expect(try SecureClient(port: port).serverName == "old")

                    fixture.files.write(renewed.value)
                    try fixture.identity.reload()
                    #expect(try SecureClient(port: port).serverName == "new")
                    try before.send(get)
                    #expect(try before.reply().text == "/a\n")
                }
            }
        }

        @Test func plainTextOnTheSecurePortIsToldSo() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    for text in [get, "G", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"] {
                        let client = try RawClient(port: port)
                        try client.send(text)
                        let reply = try client.reply()
                        #expect(reply.status == 400)
                        #expect(reply.text.contains("https://"))
                        #expect(reply["Connection"] == "close")
                        #expect(try client.isClosed())
                    }
                }
            }
        }

        @Test func tlsOnThePlainPortIsToldSo() async throws {
            try await withServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try SecureClient(port: port, handshake: false)
                    try client.raw.send(client.clientHello())
                    let reply = try client.raw.reply()
                    #expect(reply.status == 400)
                    #expect(reply.text.contains("http://"))
                }
            }
        }

        @Test func aHandshakeHasADeadlineInAll() async throws {
            try await withSecureServer(TestHandler.mirror, nil, { $0.handshakeDeadline = .milliseconds(200) }) { port in
                try await onThread {
                    // Nothing, a part, and bytes that never end.
                    let silent = try RawClient(port: port)
                    #expect(try silent.rest().isEmpty)
                    let begun = try SecureClient(port: port, handshake: false)
                    try begun.raw.send(Array(begun.clientHello().dropLast()))
                    _ = try begun.raw.rest()
                    let slow = try SecureClient(port: port, handshake: false)
                    for byte in slow.clientHello() {
                        guard (try? slow.raw.send([byte])) != nil else { break }
                        usleep(5000)
                    }
                    // Closed, or reset for what came after.
                    _ = try? slow.raw.rest()
                }
            }
        }

        @Test func aClientHelloOfUnusualLengthIsRefusedBeforeItIsThere() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try RawClient(port: port)
                    // A record that announces a ClientHello of 131,000 bytes (RFC 8446 sections 4 and 5.1).
                    try client.send([22, 3, 1, 0x40, 0, 1, 0x01, 0xFF, 0xB8])
                    #expect(try client.isClosed())
                }
            }
        }

        @Test func aRenegotiationIsRefused() async throws {
            try await withSecureServer(TestHandler.mirror) { port in
                try await onThread {
                    let client = try SecureClient(port: port, .init(version: TLS1_2_VERSION))
                    try client.send(get)
                    #expect(try client.reply().text == "/a\n")
                    SSL_renegotiate(client.ssl)
                    #expect(throws: SecureClient.Failure.self) { try client.handshakeAgain() }
                }
            }
        }
    }
}
