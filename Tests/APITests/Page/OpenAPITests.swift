import API
import Foundation
import Testing

/// `/openapi.json` describes the endpoints that there are, with the parameters that they take.
@Suite struct OpenAPITests {
    private static let document: JSON? = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../../Sources/Page/site/openapi.json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONReader.read(Array($0)) }
    }()

    private static func members(_ value: JSON?) -> [(name: String, value: JSON)] {
        if case .object(let fields)? = value { fields } else { [] }
    }

    /// `GET /ruin`
    private static var described: Set<String> {
        Set(
            members(document?["paths"]).flatMap { path, item in
                members(item).map { "\($0.name.uppercased()) \(path)" }
            })
    }

    @Test func everyEndpointIsDescribedAndNoOther() throws {
        let routes = try APIClient().application.routes.flatMap { route in
            route.methods.map { "\($0) \(route.path)" }
        }
        let pages: Set = ["GET /", "GET /health/live", "GET /health/ready", "GET /metrics"]
        #expect(Self.described == Set(routes).union(pages))
    }

    /// An unknown parameter is refused with the list of the known ones.
    @Test(arguments: described.filter { $0.hasPrefix("GET /") && !["GET /", "GET /metrics"].contains($0) }.sorted())
    func theDescribedParametersAreThoseThatAreTaken(operation: String) async throws {
        let path = String(operation.dropFirst(4))
        guard !path.hasPrefix("/health") else { return }
        let item = try #require(Self.document?["paths"]?[path]?["get"])
        let names = (item["parameters"]?.elements ?? []).compactMap { $0["name"]?.text }
        let detail = try #require(
            try await APIClient().send(.get, "\(path)?no_such_name=1").json()["detail"]?.text)
        let known = detail.split(separator: "Available names: ").last.map { $0.dropLast().split(separator: ", ") } ?? []
        let taken = detail.contains("Available names: ") ? Set(known.map(String.init)) : []
        #expect(Set(names).subtracting(["deadline", "format"]) == taken, "\(detail)")
    }
}
