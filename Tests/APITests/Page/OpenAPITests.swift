import API
import APIFixtures
import HTTP
import HTTPTypes
import Testing

/// `/openapi.json` describes the endpoints that there are, with the parameters that they take.
@Suite struct OpenAPITests {
    private func document() async throws -> JSON {
        try JSONReader.read(try await APIClient().send(.get, "/openapi.json").body)
    }

    private static func members(_ value: JSON?) -> [(name: String, value: JSON)] {
        if case .object(let fields)? = value { fields } else { [] }
    }

    @Test func everyEndpointIsDescribedAndNoOther() async throws {
        let described = Self.members(try await document()["paths"]).flatMap { path, item in
            Self.members(item).map { "\($0.name.uppercased()) \(path)" }
        }
        let routes = try APIClient().application.routes.flatMap { route in
            route.methods.map { "\($0) \(route.path)" }
        }
        let pages = ["GET /", "GET /health/live", "GET /health/ready", "GET /metrics"]
        #expect(described.sorted() == (routes + pages).sorted())
    }

    /// An unknown parameter is refused with the list of the known ones.
    @Test func theDescribedParametersAreThoseThatAreTaken() async throws {
        let client = try APIClient(), common: Set = ["deadline", "format"]
        for (path, item) in Self.members(try await document()["paths"]) where !path.hasPrefix("/health") {
            guard let operation = item["get"], !["/", "/metrics"].contains(path) else { continue }
            let names = (operation["parameters"]?.elements ?? []).compactMap { $0["name"]?.text }
            // There any other name is a variable's, once the formula is known.
            let formula = path == "/probability" ? "g=x1&" : ""
            let reply = try await client.send(.get, "\(path)?\(formula)no_such_name=1")
            let detail = try #require(try reply.json()["detail"]?.text)
            let known = detail.split(separator: "Available names: ").last.map { $0.dropLast().split(separator: ", ") }
            let taken = detail.contains("Available names: ") ? Set((known ?? []).map(String.init)) : []
            // What every endpoint takes is described once for all of them.
            #expect(Set(names).subtracting(common) == taken.subtracting(common), "\(detail)")
        }
    }

    /// What is referred to is there, every member has a sentence, and no name is used twice.
    @Test func theDocumentIsWhole() async throws {
        let document = try await document()
        var ids: [String] = []
        func look(_ value: JSON, at place: String) {
            for (name, member) in Self.members(value) {
                if name == "$ref", let path = member.text {
                    let target = path.dropFirst(2).split(separator: "/").reduce(Optional(document)) { $0?[String($1)] }
                    #expect(target != nil, "\(place): \(path)")
                }
                if name == "operationId", let id = member.text { ids.append(id) }
                if name == "properties" {
                    for (property, schema) in Self.members(member) where schema["$ref"] == nil {
                        #expect(schema["description"]?.text?.isEmpty == false, "\(place)/\(property) has no sentence")
                    }
                }
                look(member, at: "\(place)/\(name)")
            }
            for (index, element) in (value.elements ?? []).enumerated() { look(element, at: "\(place)/\(index)") }
        }
        look(document, at: "")
        #expect(Set(ids).count == ids.count)
    }

    /// A field's default and examples are values that it may have.
    @Test func defaultsAndExamplesAreValid() throws {
        for declaration in try APIClient().application.declarations {
            for property in declaration.operations.flatMap({ $0.query + $0.members }) {
                // The examples of boxes are those of the default model.
                if property.name == "missing" { continue }
                for value in property.schema.examples + (property.schema.standard.map { [$0] } ?? []) {
                    // A fraction stands for a number.
                    if value.text?.contains("/") == true, case .number = property.schema.kind { continue }
                    let complaint = property.schema.complaint(of: value)
                    #expect(complaint == nil, "\(declaration.path) \(property.name)")
                }
            }
        }
    }

    /// Members of an object that exclude one another are not valid together.
    @Test func membersThatExcludeOneAnotherAreSaidTo() async throws {
        let paths = try await document()["paths"]
        let body = paths?["/invertible-convolution"]?["post"]?["requestBody"]?["content"]?["application/json"]?[
            "schema"]
        let conditioner = try #require(body?["properties"]?["conditioner"])
        let pairs = (conditioner["not"]?["anyOf"]?.elements ?? []).map { $0["required"]?.elements?.map(\.text) }
        #expect(pairs == [["layers", "seed"], ["layers", "hidden"], ["layers", "shift"]])
    }

    /// Making the document takes longer than the event loop may be kept for.
    @Test func theEventLoopAnswersWithADocumentThatIsThere() async throws {
        let application = try APIClient().application
        let request = try Request(method: .get, target: "/openapi.json")
        #expect(application.respondImmediately(to: request) == nil)
        try await application.prepare()
        #expect(application.respondImmediately(to: request)?.status == .ok)
        #expect(application.respondImmediately(to: try Request(method: .get, target: "/openapi.json?a=1")) == nil)
    }

    @Test func itTakesADeadlineAndNothingElse() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/openapi.json?deadline=5").status == 200)
        #expect(try await client.send(.get, "/openapi.json?deadline=0").status == 422)
        #expect(try await client.send(.get, "/openapi.json?format=json").status == 400)
    }

    @Test func anUnchangedDocumentIsNotSentAgain() async throws {
        let client = try APIClient()
        let reply = try await client.send(.get, "/openapi.json")
        #expect(reply.status == 200)
        let tag = try #require(reply.headerFields[.eTag])
        let again = try await client.send(.get, "/openapi.json", bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(again.status == 304 && again.body.isEmpty)
    }
}
