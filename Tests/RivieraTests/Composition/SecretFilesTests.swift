import Certificates
import Glibc
import HTTP
import Logging
import Riviera
import Testing

/// Settings that name files of certificates, keys and tokens.
@Suite struct SecretFilesTests {
    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func message(_ flags: [String: String], environment: [String: String] = [:]) throws -> String? {
        let settings = try Settings(flags: flags, environment: environment)
        do {
            _ = try TLSIdentity(settings)
            _ = try TokenReload(settings, logger: Self.silence)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func aCertificateAndItsKeyAreTaken() throws {
        let files = CertificateFiles(), authority = Authority()
        files.write(authority.issue())
        let pair = [
            "http.tls_certificate": "\(files.folder)/server.pem", "http.tls_key": "\(files.folder)/server.key",
        ]
        #expect(try message(pair) == nil)
        let clients = files.write("clients.pem", authority.certificate.pem)
        #expect(try message(pair.merging(["http.tls_client_ca": clients]) { $1 }) == nil)
        #expect(try HTTPServerConfiguration(Settings(flags: pair), tls: TLSIdentity(Settings(flags: pair))).tls != nil)
        #expect(try TLSIdentity(Settings()) == nil)
        #expect(try TLSIdentity(Settings(flags: pair))?.warnings == [])
    }

    /// A certificate that ends within a week, or is not valid, is a warning with the date that matters.
    @Test func aCertificateThatIsNotValidOrSoonWillNotBeIsAWarning() throws {
        let files = CertificateFiles(), day = 86400
        for (validity, word, moment) in [
            (-7200 ... -3600, "expired at", -3600), (3600...7200, "not valid yet, but from", 3600),
            (-3600...(7 * day - 60), "expires at", 7 * day - 60), (-3600...(7 * day + 60), nil, 0),
        ] {
            let before = time(nil)
            files.write(Authority().issue(validity: validity))
            let after = time(nil)
            let identity = try TLSIdentity(
                TLSFiles(certificate: "\(files.folder)/server.pem", key: "\(files.folder)/server.key"))
            let seconds = try #require(identity.expirySeconds)
            #expect((before + validity.upperBound...after + validity.upperBound).contains(seconds))
            #expect(identity.expiry == Self.text(seconds))
            let warning = identity.warnings.first ?? ""
            #expect(identity.warnings.count == (word == nil ? 0 : 1))
            guard let word else { continue }
            #expect(warning.contains(word) && warning.contains("server.pem"), "\(warning)")
            #expect((before...after).contains { warning.contains(Self.text($0 + moment)) }, "\(warning)")
        }
    }

    private static func text(_ seconds: Int) -> String {
        var seconds = seconds, parts = tm(), text = [CChar](repeating: 0, count: 32)
        gmtime_r(&seconds, &parts)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func aKeyThatEverybodyCanReadIsAWarning() throws {
        let files = CertificateFiles()
        files.write(Authority().issue())
        let key = "\(files.folder)/server.key"
        for (mode, isTold) in [(0o644, true), (0o640, false), (0o606, true), (0o400, false)] as [(mode_t, Bool)] {
            chmod(key, mode)
            let identity = try TLSIdentity(TLSFiles(certificate: "\(files.folder)/server.pem", key: key))
            #expect(identity.warnings.contains { $0.contains(key) } == isTold, "\(identity.warnings)")
        }
    }

    @Test func aChainInTheWrongOrderIsNamed() throws {
        let files = CertificateFiles(), root = Authority(), between = Authority(name: "Between", issuer: root)
        let site = between.issue()
        let key = files.write("server.key", site.keyPEM)
        let right = files.write("right.pem", site.pem + between.certificate.pem)
        let wrong = files.write("wrong.pem", between.certificate.pem + root.certificate.pem + site.pem)
        #expect(try message(["http.tls_certificate": right, "http.tls_key": key]) == nil)
        let line = try #require(try message(["http.tls_certificate": wrong, "http.tls_key": key]))
        #expect(line.contains("number 3") && line.contains("comes first"), "\(line)")
    }

    @Test func whatIsNoAuthorityIsNotTakenForOne() throws {
        let files = CertificateFiles(), root = Authority(), between = Authority(name: "Between", issuer: root)
        let site = root.issue("a client")
        files.write(site)
        let pair = [
            "http.tls_certificate": "\(files.folder)/server.pem", "http.tls_key": "\(files.folder)/server.key",
        ]
        let authorities = files.write("authorities.pem", root.certificate.pem + between.certificate.pem)
        #expect(try message(pair.merging(["http.tls_client_ca": authorities]) { $1 }) == nil)
        let mixed = files.write("mixed.pem", root.certificate.pem + site.pem)
        let line = try #require(try message(pair.merging(["http.tls_client_ca": mixed]) { $1 }))
        #expect(line.contains("\(mixed): certificate 2 (a client)") && line.contains("no authority"), "\(line)")
    }

    /// A pipe that nobody writes to would be waited for.
    @Test func aPipeIsRefusedAtOnce() throws {
        let files = CertificateFiles()
        files.write(Authority().issue())
        let pipe = "\(files.folder)/pipe", pem = "\(files.folder)/server.pem", key = "\(files.folder)/server.key"
        mkfifo(pipe, 0o600)
        for flags in [
            ["http.token_file": pipe], ["http.tls_certificate": pipe, "http.tls_key": key],
            ["http.tls_certificate": pem, "http.tls_key": pipe],
            ["http.tls_certificate": pem, "http.tls_key": key, "http.tls_client_ca": pipe],
        ] {
            #expect(try message(flags) == "\(pipe): is not a regular file")
        }
    }

    @Test func whatCannotBeUsedIsNamedInOneLine() throws {
        let files = CertificateFiles(), certificate = Authority().issue()
        files.write(certificate)
        let pem = "\(files.folder)/server.pem", key = "\(files.folder)/server.key"
        let empty = files.write("empty", ""), other = files.write("other.key", Authority().issue().keyPEM)
        let encrypted = files.write("encrypted.key", certificate.encryptedKeyPEM)
        let damaged = files.write("damaged.pem", certificate.pem.replacing("A", with: "B"))
        let cut = files.write("cut.pem", certificate.pem + String(certificate.pem.prefix(300)))
        let cases: [(certificate: String?, key: String?, clients: String?, words: [String])] = [
            (pem, nil, nil, ["http.tls_certificate", "http.tls_key is not"]),
            (nil, key, nil, ["http.tls_key", "http.tls_certificate is not"]),
            (nil, nil, pem, ["http.tls_client_ca", "http.tls_certificate is not"]),
            ("/nowhere.pem", key, nil, ["/nowhere.pem", "No such file"]),
            (pem, "/nowhere.key", nil, ["/nowhere.key", "No such file"]),
            (files.folder, key, nil, [files.folder, "directory"]),
            ("/dev/null", key, nil, ["/dev/null", "regular"]),
            (empty, key, nil, [empty, "no certificate"]), (key, key, nil, [key, "no certificate"]),
            (pem, empty, nil, [empty, "no private key"]), (pem, pem, nil, [pem, "no private key"]),
            (pem, other, nil, [other, "does not belong"]), (pem, encrypted, nil, [encrypted, "encrypted"]),
            (damaged, key, nil, [damaged]), (cut, key, nil, [cut, "certificate 2"]),
            (pem, key, empty, [empty, "no certificate"]), (pem, key, "/nowhere.pem", ["/nowhere.pem"]),
        ]
        for (certificate, key, clients, words) in cases {
            var flags: [String: String] = [:]
            flags["http.tls_certificate"] = certificate
            flags["http.tls_key"] = key
            flags["http.tls_client_ca"] = clients
            let line = try #require(try message(flags), "\(words)")
            #expect(words.allSatisfy { line.contains($0) } && !line.contains("\n"), "\(line)")
        }
        #expect(
            try message(["http.tls_certificate": pem, "http.tls_key": key, "http.host": ""])?.contains("http.host")
                == true)
    }

    @Test func tokensComeFromAFileAndFromTheEnvironment() throws {
        let file = try TemporaryFile("# all of them\naaaaaaaaaaaaaaaaaaaa\n\nbbbbbbbbbbbbbbbbbbbb\n")
        let variables = ["RIVIERA_HTTP_TOKENS": "cccccccccccccccccccc,dddddddddddddddddddd"]
        let settings = try Settings(flags: ["http.token_file": file.path], environment: variables)
        let count = { (settings: Settings) in try TokenReload(settings, logger: Self.silence)?.tokens.count }
        #expect(try count(settings) == 4)
        #expect(try count(Settings(environment: variables)) == 2)
        #expect(try count(Settings()) == nil)
        // An empty list would let nobody in, or everybody: neither can be meant.
        #expect(try message([:], environment: ["RIVIERA_HTTP_TOKENS": ""])?.contains("RIVIERA_HTTP_TOKENS") == true)
        try file.replace("what is this")
        let line = try #require(try message(["http.token_file": file.path]))
        #expect(line.contains("\(file.path):1") && !line.contains("what is this"))
        #expect(try message(["http.token_file": "/nowhere"])?.contains("/nowhere") == true)
    }
}
