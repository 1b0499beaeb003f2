import API
import HTTPTypes
import Testing

@Suite struct ExampleTests {
    /// The lines of the index do, in their order, what they show.
    @Test func everyLineOfTheIndexIsAnswered() async throws {
        let client = try APIClient()
        var files: [String: [UInt8]] = [:]
        let index = try await client.send(.get, "/").text
        for example in client.application.examples {
            #expect(index.contains("\n  \(example.line)\n"))
            var body: [UInt8] = [], type: String?
            switch example.body {
            case nil: break
            case .json(let text): (body, type) = (Array(text.utf8), "application/json")
            case .file(let name, let mediaType):
                (body, type) = (try #require(files[name], "no line has saved \(name)"), mediaType.rawValue)
            case .answers(let targets):
                var answers: [String] = []
                for target in targets { answers.append(try await client.send(.get, target).text) }
                (body, type) = (Array("[\(answers.joined(separator: ","))]".utf8), "application/json")
            }
            let reply = try await client.send(
                example.body == nil ? .get : .post, example.target, bytes: body, type: type,
                accept: example.accept?.rawValue)
            #expect(reply.status == 200, "\(example.line): \(reply.text)")
            if let name = example.output { files[name] = reply.body }
        }
    }

    /// No shell reads anything in a line but `$SERVER` and the answers that a line asks for.
    @Test func targetsAreQuoted() throws {
        for example in try APIClient().application.examples {
            #expect(example.line.contains("\"$SERVER\(example.target)\""))
            if case .json(let text) = example.body { #expect(!text.utf8.contains(UInt8(ascii: "'"))) }
        }
    }
}
