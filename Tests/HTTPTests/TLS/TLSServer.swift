import HTTP
import HTTPFixtures

/// The same as without TLS, with a certificate of the test's own.
func withSecureServer<Result: Sendable>(
    _ handler: some Handler, _ fixture: TLSFixture? = nil,
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> Result {
    let fixture = try fixture ?? TLSFixture()
    return try await withServer(
        handler,
        {
            $0.tls = fixture.identity
            adjust(&$0)
        }, body)
}
