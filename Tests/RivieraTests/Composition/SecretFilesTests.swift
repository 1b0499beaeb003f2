import Certificates
import HTTP
import Riviera
import Testing

/// Settings that name files of certificates, keys and tokens.
@Suite struct SecretFilesTests {
    private func message(_ flags: [String: String], environment: [String: String] = [:]) throws -> String? {
        let settings = try Settings(flags: flags, environment: environment)
        do {
            _ = try TLSIdentity(settings)
            _ = try settings.bearerTokens()
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

    @Test func anExpiredCertificateIsAWarning() throws {
        let files = CertificateFiles()
        for (validity, word) in [(-7200 ... -3600, "expired"), (3600...7200, "not valid yet")] {
            files.write(Authority().issue(validity: validity))
            let identity = try TLSIdentity(
                TLSFiles(certificate: "\(files.folder)/server.pem", key: "\(files.folder)/server.key"))
            #expect(identity.warnings.count == 1)
            #expect(identity.warnings.first?.contains(word) == true)
            #expect(identity.warnings.first?.contains("server.pem") == true)
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
        #expect(try settings.bearerTokens()?.map(\.first) == ["a", "b", "c", "d"])
        #expect(try Settings(environment: variables).bearerTokens()?.count == 2)
        #expect(try Settings().bearerTokens() == nil)
        // An empty list would let nobody in, or everybody: neither can be meant.
        #expect(try message([:], environment: ["RIVIERA_HTTP_TOKENS": ""])?.contains("RIVIERA_HTTP_TOKENS") == true)
        try file.replace("what is this")
        let line = try #require(try message(["http.token_file": file.path]))
        #expect(line.contains("\(file.path):1") && !line.contains("what is this"))
        #expect(try message(["http.token_file": "/nowhere"])?.contains("/nowhere") == true)
    }
}
