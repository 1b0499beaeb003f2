import API
import APIFixtures
import Testing

@Suite struct RuinShardsTests {
    private func bodies(_ query: String, count: Int, _ client: APIClient) async throws -> [String] {
        var bodies: [String] = []
        for index in 0..<count {
            bodies.append(try await client.send(.get, "/ruin?\(query)&shard=\(index)/\(count)").text)
        }
        return bodies
    }

    private func merge(_ bodies: [String], _ client: APIClient) async throws -> APIClient.Reply {
        try await client.send(.post, "/ruin/merge", "[" + bodies.joined(separator: ",") + "]")
    }

    @Test(arguments: [
        "n=5000&seed=1", "n=101&seed=2&method=naive&goal=103", "n=60&seed=3&method=zero_variance&k=150&goal=120",
        "n=3000&seed=4&k=50&outcomes=35:1/37,-1:36/37", "n=3000&seed=5&q=0.56&confidence=0.9", "n=16&seed=6&k=99",
    ])
    func theMergedShardsAreTheWholeRunToTheByte(query: String) async throws {
        let client = try APIClient()
        let whole = try await client.send(.get, "/ruin?" + query)
        for count in [1, 2, 7, 16] {
            let merged = try await merge(bodies(query, count: count, client).reversed(), client)
            #expect(merged.status == 200, "\(merged.text)")
            #expect(merged.body == whole.body)
        }
    }

    @Test func whatDoesNotMakeARunIsRefusedWithItsPlace() async throws {
        let client = try APIClient()
        let three = try await bodies("n=300&seed=1", count: 3, client)
        let other = try await bodies("n=300&seed=2", count: 3, client)
        let four = try await bodies("n=300&seed=1", count: 4, client)
        let target = try await client.send(.get, "/ruin?relative_error=0.5&seed=1").text
        let doob = try await bodies("n=4&seed=1&method=zero_variance&k=150&goal=120", count: 2, client)
        func replacing(_ old: String, _ new: String) -> String {
            guard let range = three[1].firstRange(of: old) else {
                Issue.record("no \(old)")
                return three[1]
            }
            return three[1].replacingCharacters(in: range, with: new)
        }
        let cases: [(bodies: [String], pointer: String)] = [
            ([], ""), ([three[0], three[2]], ""), ([three[0], three[1], three[1], three[2]], "/2/shard"),
            ([three[0], other[1], three[2]], "/1/seed"), ([three[0], four[1], three[2]], "/1/shard"),
            ([target], "/0/relative_error_target"), (["7"], "/0"), (["{}"], "/0/n"),
            ([three[0], replacing("\"count\": 100", "\"count\": 99"), three[2]], "/1/moments/count"),
            ([three[0], replacing("\"games\": [", "\"games\": [0,"), three[2]], "/1/moments/games/0"),
            ([three[0], replacing("\"hits\": [", "\"hits\": [1e9,"), three[2]], "/1/moments/hits/0"),
            ([three[0], replacing("\"position\": [", "\"position\": [200,"), three[2]], "/1/moments"),
            ([three[0], replacing("\"games_played\": ", "\"games_played\": 9999"), three[2]], "/1/moments"),
            ([three[0], replacing("\"k\": 600", "\"k\": 601"), three[2]], "/1/k"),
            ([three[0], replacing("\"method\": \"importance\"", "\"method\": \"naive\""), three[2]], "/1/method"),
            ([doob[0], three[1]], "/1/tilt"),
        ]
        for (index, item) in cases.enumerated() {
            let reply = try await merge(item.bodies, client)
            #expect(reply.status == 422, "\(index): \(reply.text)")
            guard case .string(let pointer)? = try reply.json()["pointer"] else {
                Issue.record("\(index): no pointer in \(reply.text)")
                continue
            }
            if index == cases.count - 1 {
                #expect(pointer.hasPrefix("/1/"))
            } else {
                #expect(pointer == item.pointer, "\(index)")
            }
        }
        // Changed in all shards alike, the parameters contradict the figures.
        for change in [("\"p\": 0.4864864864864865", "\"p\": 0.48"), ("\"goal\": 200", "\"goal\": 201")] {
            let changed = three.map { body in
                body.firstRange(of: change.0).map { body.replacingCharacters(in: $0, with: change.1) } ?? body
            }
            #expect(changed != three)
            let reply = try await merge(changed, client)
            #expect(reply.status == 422, "\(change): \(reply.text)")
        }
        #expect(try await client.send(.post, "/ruin/merge", "[").status == 400)
        #expect(try await client.send(.post, "/ruin/merge", "{}").status == 422)
        #expect(try await client.send(.post, "/ruin/merge?x=1", "[]").status == 400)
        let typo = try await merge([three[0], replacing("\"exact\"", "\"exakt\""), three[2]], client)
        #expect(typo.status == 400)
        #expect(typo.text.contains("/1/exakt"))
    }
}

extension String {
    /// The first place of a text in this one.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
