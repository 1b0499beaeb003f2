import API

extension APIClient {
    /// An example has a file that no line before it has saved.
    package struct MissingFile: Error {
        let name: String
    }

    /// Sends each endpoint's example, in the order of the index, which is one in which they work.
    package func sendExamples(_ look: (Example, SweepRequest, Reply) throws -> Void) async throws {
        var files: [String: [UInt8]] = [:]
        for example in application.examples {
            var request = SweepRequest(
                method: example.body == nil ? .get : .post, target: example.target, accept: example.accept?.rawValue)
            switch example.body {
            case nil: break
            case .json(let text): (request.body, request.contentType) = (Array(text.utf8), "application/json")
            case .file(let name, let type):
                guard let bytes = files[name] else { throw MissingFile(name: name) }
                (request.body, request.contentType) = (bytes, type.rawValue)
            case .answers(let targets):
                var answers: [String] = []
                for target in targets { answers.append(try await send(.get, target).text) }
                (request.body, request.contentType) = (
                    Array("[\(answers.joined(separator: ","))]".utf8), "application/json"
                )
            }
            let reply = try await send(request)
            if let name = example.output { files[name] = reply.body }
            try look(example, request, reply)
        }
    }
}
