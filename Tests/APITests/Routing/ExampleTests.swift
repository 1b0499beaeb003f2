import API
import APIFixtures
import HTTPTypes
import Testing

@Suite struct ExampleTests {
    /// The lines of the index do, in their order, what they show.
    @Test func everyLineOfTheIndexIsAnswered() async throws {
        let client = try APIClient()
        let index = try await client.send(.get, "/").text
        var count = 0
        try await client.sendExamples { example, _, reply in
            #expect(index.contains("\n  \(example.line)\n"))
            #expect(reply.status == 200, "\(example.line): \(reply.text)")
            count += 1
        }
        #expect(count == client.application.examples.count)
    }

    /// No shell reads anything in a line but `$SERVER` and the answers that a line asks for.
    @Test func targetsAreQuoted() throws {
        for example in try APIClient().application.examples {
            #expect(example.line.contains("\"$SERVER\(example.target)\""))
            if case .json(let text) = example.body { #expect(!text.utf8.contains(UInt8(ascii: "'"))) }
        }
    }
}
