import API
import APIFixtures
import Testing

@Suite struct ShownTargetTests {
    @Test(arguments: [
        ("/ruin?n=3&k=4", "/ruin?n=3&k=4"), ("/ruin", "/ruin"), ("/ruin?", "/ruin?"), ("?", "?"), ("", ""),
        ("/ruin?token=abc&n=3", "/ruin?token=…&n=3"), ("/ruin?n=3&Access_Token=abc=d", "/ruin?n=3&Access_Token=…"),
        ("/ruin?sigma=3&token", "/ruin?sigma=3&token"), ("/ruin?&&password=&x", "/ruin?&&password=…&x"),
        ("/ruin?to%6ben=abc&n=3", "/ruin?to%6ben=…&n=3"), ("/ruin?x-token=abc", "/ruin?x-token=…"),
        ("/ruin?sig=abc&sigma=1", "/ruin?sig=…&sigma=1"), ("/ruin;token=abc?n=3", "/ruin;token=…?n=3"),
        ("/a;token=abc;n=3/b", "/a;token=…/b"), ("/token=abc/b", "/token=…/b"), ("/ruin?jwt=a.b.c#d", "/ruin?jwt=…"),
        ("/ruin?token%3Dabc&n=3", "/ruin?token%3D…&n=3"),
        ("/r?next=%2Fx%3Ftoken%3Dabc&n=3", "/r?next=%2Fx%3Ftoken%3D…&n=3"),
        ("/r?a[token]=abc", "/r?a[token]=…"), ("/r?a%=b&%zz=1&%2", "/r?a%=b&%zz=1&%2"), ("/r?monkey=1", "/r?monkey=1"),
        ("http://a/ruin;key=abc/x?pwd=abc", "http://a/ruin;key=…/x?pwd=…"), ("/r?token=a;b?c/d&n=1", "/r?token=…&n=1"),
    ])
    func whatLooksLikeASecretIsLeftOut(_ target: String, _ shown: String) {
        #expect(ShownTarget.text(of: target) == shown)
    }

    private static let names = [
        "token", "access_token", "id-token", "xToken", "secret", "client_secret", "password", "passwd", "api_key",
        "apikey",
        "api-key", "apiKey", "X-Amz-Signature", "signature", "sig", "x.sig", "jwt", "credential", "X-Amz-Credential",
        "credentials", "authorization", "auth", "bearer", "key", "sessionKey", "key2", "tokens[]",
    ]

    /// However a name is spelled, wherever it stands.
    @Test func aSecretIsLeftOutHoweverItsNameIsSpelled() {
        var generator = SystemRandomNumberGenerator()
        for name in Self.names {
            for _ in 0..<50 {
                let spelled = name.utf8.map { byte in
                    Bool.random(using: &generator)
                        ? String(UnicodeScalar(byte))
                        : "%" + String(byte, radix: 16, uppercase: .random(using: &generator))
                }.joined()
                for target in [
                    "/ruin?\(spelled)=SESAME", "/ruin?n=3&\(spelled)=SESAME&k=1", "/ruin;\(spelled)=SESAME",
                    "/ruin;\(spelled)=SESAME/x?n=3", "/ruin?next=/x?\(spelled)=SESAME", "/ruin?a=1;\(spelled)=SESAME",
                    "/ruin?next=x%3F\(spelled)%3DSESAME%26a", "/\(spelled)%3dSESAME",
                ] {
                    let shown = ShownTarget.text(of: target)
                    #expect(!shown.contains("SESAME") && shown.contains("…"), "\(target) became \(shown)")
                }
            }
        }
    }

    /// The API's own parameters are none of them.
    @Test func whatTheAPITakesIsShown() throws {
        for declaration in try APIClient().application.declarations {
            for name in declaration.operations.flatMap({ $0.query + $0.members }).map(\.name) {
                let target = "\(declaration.path)?\(name)=1&n=2"
                #expect(ShownTarget.text(of: target) == target)
            }
            #expect(ShownTarget.text(of: declaration.example.target) == declaration.example.target)
        }
    }

    @Test func longTargetsAreCut() {
        #expect(ShownTarget.text(of: "/" + String(repeating: "a", count: 10_000)).utf8.count == 200)
        let long = ShownTarget.text(of: "/r?token=abc&" + String(repeating: "a=%41&", count: 10_000))
        #expect(long.hasPrefix("/r?token=…&a=%41&") && long.utf8.count <= 203)
    }
}
