import API
import APIFixtures
import HTTP
import HTTPTypes
import Testing

@Suite struct PageFilesTests {
    private static let contents: [String: [UInt8]] = [
        "index.html": Array("<!DOCTYPE html>".utf8), "panels/ruin.js": Array("export default 1".utf8),
        "openapi.json": Array("{}".utf8), "notes.txt": Array("no part of the page".utf8),
    ]
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

    private func client() throws -> APIClient { try APIClient(files: PageFiles(Self.contents)) }

    @Test func aBrowserGetsThePageWhereCurlGetsLines() async throws {
        let client = try client()
        let page = try await client.send(.get, "/", accept: Self.browser)
        #expect(page.body == Self.contents["index.html"])
        #expect(page.headerFields[.contentType] == "text/html; charset=utf-8")
        #expect(page.headerFields[.vary] == "Accept")
        let lines = try await client.send(.get, "/", accept: "*/*")
        #expect(lines.text.contains("curl \"$SERVER/ruin"))
        #expect(try await client.send(.get, "/?format=text", accept: Self.browser).body == lines.body)
        #expect(try await client.send(.get, "/?format=html").body == page.body)
    }

    @Test func programsGetTheEndpointsAsJSON() async throws {
        let client = try client()
        let index = try await client.send(.get, "/", accept: "application/json").json()
        #expect(index["endpoints"]?.elements?.count == client.application.routes.count)
    }

    @Test func filesHaveTheirTypeATagAndAPolicy() async throws {
        let client = try client()
        let file = try await client.send(.get, "/page/panels/ruin.js")
        #expect(file.status == 200 && file.body == Self.contents["panels/ruin.js"])
        #expect(file.headerFields[.contentType] == "text/javascript; charset=utf-8")
        #expect(file.headerFields[.xContentTypeOptions] == "nosniff")
        #expect(file.headerFields[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
        #expect(file.headerFields[.contentSecurityPolicy]?.contains("unsafe-inline") == false)
        let tag = try #require(file.headerFields[.eTag])
        let again = try await client.send(
            .get, "/page/panels/ruin.js", bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.body.isEmpty)
    }

    @Test(arguments: [
        "/page/notes.txt", "/page/", "/page/panels", "/page/index.html/", "/index.html", "/page/openapi.json",
    ])
    func nothingElseIsServed(path: String) async throws {
        let reply = try await client().send(.get, path)
        #expect(reply.status == 404)
    }

    @Test func withoutFilesThereIsTheIndexOnly() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/", accept: Self.browser).text.hasPrefix("Riviera"))
        #expect(try await client.send(.get, "/openapi.json").status == 200)
    }
}
