import APIFixtures
import HTTPTypes
import Testing

@Suite struct FormatTests {
    @Test(arguments: [
        ("/gradients?iterations=1&batch=1&seed=1", ["json", "csv", "svg", "ndjson"]),
        ("/ruin?n=10&k=10&seed=1", ["json", "ndjson"]), ("/sample?seed=1", ["json", "png"]),
    ])
    func formatSaysWhatAcceptWouldAndWins(target: String, formats: [String]) async throws {
        let client = try APIClient()
        let types = [
            "json": "application/json", "csv": "text/csv", "svg": "image/svg+xml", "ndjson": "application/x-ndjson",
            "png": "image/png",
        ]
        for format in formats {
            let type = try #require(types[format])
            let asked = try await client.send(.get, "\(target)&format=\(format)", accept: "text/html")
            let accepted = try await client.send(.get, target, accept: type)
            #expect(asked.status == 200 && asked.body == accepted.body, "\(target) \(format)")
            #expect(asked.headerFields[.contentType] == accepted.headerFields[.contentType])
            #expect(asked.headerFields[.eTag] == accepted.headerFields[.eTag])
        }
    }

    @Test(arguments: [("format=xml", 422), ("format=png", 406), ("format=", 422), ("format=csv&format=csv", 400)])
    func anotherFormatIsNamed(query: String, status: Int) async throws {
        let reply = try await APIClient().send(.get, "/ruin?n=10&k=10&\(query)")
        #expect(reply.status == status)
        #expect(try reply.json()["parameter"]?.text == "format")
    }
}
