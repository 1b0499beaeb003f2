import API
import APIFixtures
import Testing

@Suite struct ProbabilityShardsTests {
    private func shards(_ members: String, count: Int, _ client: APIClient) async throws -> [String] {
        var bodies: [String] = []
        for index in 0..<count {
            let reply = try await client.send(.post, "/probability", "{\(members), \"shard\": \"\(index)/\(count)\"}")
            #expect(reply.status == 200, "\(reply.text)")
            bodies.append(reply.text)
        }
        return bodies
    }

    private func merge(_ bodies: [String], _ client: APIClient) async throws -> APIClient.Reply {
        try await client.send(.post, "/probability/merge", "[" + bodies.joined(separator: ",") + "]")
    }

    private static let plane = #""g": "3-x1*x2", "variables": {"x[1:2]": "normal:0:1"}, "seed": 5"#
    private static let runs = [
        plane + #", "method": "naive", "n": 5000"#,
        plane + #", "method": "importance", "n": 2000, "confidence": 0.9"#,
        plane + #", "method": "cross_entropy", "n": 1500, "event": "above", "threshold": 0.25"#,
        plane + #", "method": "directional", "n": 200"#,
        plane + #", "n": 1000"#,
        #""g": "x1+y", "variables": {"x1": "gumbel:1:2", "y": {"distribution": "lognormal", "mean": 1, "std": 2}}, "correlation": [[1, -0.3], [-0.3, 1]], "event": "above", "threshold": 9.5, "seed": 1, "method": "importance", "n": 777"#,
        #""g": "if(x>9,1,1e300*(1e300*x))", "variables": {"x": "uniform:1:2"}, "seed": 1, "method": "naive", "n": 50"#,
    ]

    @Test(arguments: runs) func theMergedShardsAreTheWholeRunToTheByte(members: String) async throws {
        let client = try APIClient()
        let whole = try await client.send(.post, "/probability", "{\(members)}")
        for count in [1, 2, 5] {
            let merged = try await merge(shards(members, count: count, client).reversed(), client)
            #expect(merged.status == 200, "\(merged.text)")
            #expect(merged.body == whole.body)
        }
    }

    @Test func shardsByURLMergeToTheAnswerOfTheURL() async throws {
        let client = try APIClient(), url = "/probability?g=4-x*y&x=normal:0:1&y=exponential:1/2&n=900&seed=7"
        let whole = try await client.send(.get, url)
        var bodies: [String] = []
        for index in 0..<3 { bodies.append(try await client.send(.get, "\(url)&shard=\(index)/3").text) }
        #expect(bodies[1].contains("&shard=1/3"))
        #expect(try await merge(bodies, client).body == whole.body)
    }

    @Test func whatCannotBeSplitIsRefused() async throws {
        let client = try APIClient()
        let cases = [
            (#""method": "subset", "n": 500"#, "/shard"), (#""method": "form", "n": 500"#, "/shard"),
            (#""method": "naive""#, "/shard"), (#""method": "naive", "n": 1"#, "/shard"),
            (#""method": "directional", "n": 500, "max_evaluations": 10000"#, "/max_evaluations"),
        ]
        for (members, pointer) in cases {
            let reply = try await client.send(
                .post, "/probability", #"{\#(Self.plane), \#(members), "shard": "0/2"}"#)
            #expect(reply.status == 422 && reply.text.contains("\"\(pointer)\""), "\(members): \(reply.text)")
            if pointer == "/shard", members.contains("500") {
                #expect(reply.text.contains("naive, importance, cross_entropy, directional"))
            }
        }
        let seedless = try await client.send(
            .post, "/probability",
            #"{"g": "3-x", "variables": {"x": "normal:0:1"}, "method": "naive", "n": 10, "shard": "0/2"}"#)
        #expect(seedless.status == 422 && seedless.text.contains("“shard” requires “seed”"))
    }

    @Test func whatDoesNotMakeARunIsRefusedWithItsPlace() async throws {
        let client = try APIClient(), naive = Self.plane + #", "method": "naive", "n": 900"#
        let three = try await shards(naive, count: 3, client)
        let weighted = try await shards(Self.plane + #", "method": "importance", "n": 900"#, count: 3, client)
        let other = try await shards(
            naive.replacing("\"seed\": 5", with: "\"seed\": 6"), count: 3, client)
        let formula = try await shards(naive.replacing("3-x1*x2", with: "2-x1*x2"), count: 3, client)
        let wider = try await shards(naive.replacing("normal:0:1", with: "normal:0:2"), count: 3, client)
        let four = try await shards(naive, count: 4, client)
        let whole = try await client.send(.post, "/probability", "{\(naive)}").text
        let target = try await client.send(.post, "/probability", #"{\#(Self.plane), "method": "naive"}"#).text
        func changed(_ body: String, _ old: String, _ new: String) -> String {
            let text = body.replacing(old, with: new)
            #expect(text != body, "no \(old)")
            return text
        }
        let one = three[1], heavy = weighted[1]
        let cases: [(bodies: [String], pointer: String)] = [
            ([], ""), ([three[0], three[2]], ""), ([three[0], one, one, three[2]], "/2/shard"),
            ([three[0], other[1], three[2]], "/1/seed"), ([three[0], formula[1], three[2]], "/1/g"),
            ([three[0], wider[1], three[2]], "/1/distributions"), ([three[0], four[1], three[2]], "/1/shard"),
            ([target], "/0/relative_error_target"), ([whole], "/0/distributions"), (["7"], "/0"), (["{}"], "/0/g"),
            ([three[0], changed(one, "\"count\":300", "\"count\":299"), three[2]], "/1/moments/count"),
            ([three[0], changed(one, "\"of\":900", "\"of\":901"), three[2]], "/1/moments/of"),
            (
                [three[0], changed(one, "\"least_margin\":-", "\"least_margin\":"), three[2]],
                "/1/moments/least_margin"
            ),
            ([three[0], changed(one, "\"estimate\": 0", "\"estimate\": 1"), three[2]], "/1/estimate"),
            ([three[0], changed(one, "\"exact\": 0", "\"exact\": 1"), three[2]], "/1/exact"),
            (
                [weighted[0], changed(heavy, "\"log_weights\": [", "\"log_weights\": [0,"), weighted[2]],
                "/1/moments/log_weights"
            ),
            (
                [weighted[0], changed(heavy, "\"wide_shares\": [", "\"wide_shares\": [7,"), weighted[2]],
                "/1/moments/wide_shares"
            ),
            (
                [weighted[0], changed(heavy, "\"complement\": false", "\"complement\": true"), weighted[2]],
                "/1/moments"
            ),
        ]
        for (index, item) in cases.enumerated() {
            let reply = try await merge(item.bodies, client)
            #expect(reply.status == 422, "\(index): \(reply.text)")
            guard case .string(let pointer)? = try reply.json()["pointer"] else {
                Issue.record("\(index): no pointer in \(reply.text)")
                continue
            }
            #expect(pointer == item.pointer, "\(index): \(reply.text)")
        }
        // Changed in all shards alike, what was run contradicts what came out.
        let forgeries = [
            (three, "3-x1*x2", "2.5-x1*x2"), (three, "normal:0:1", "normal:0:1.1"), (three, "\"n\": 900", "\"n\": 899"),
            (three, "\"method_asked\": \"naive\"", "\"method_asked\": \"importance\""),
            (three, "\"method_asked\": \"naive\"", "\"method_asked\": \"subset\""),
            (three, "\"method_asked\": \"naive\"", "\"method_asked\": \"directional\""),
            (weighted, "\"complement\": false", "\"complement\": true"),
        ]
        for (bodies, old, new) in forgeries {
            let reply = try await merge(bodies.map { changed($0, old, new) }, client)
            #expect(reply.status == 422, "\(old): \(reply.text)")
        }
        #expect(try await client.send(.post, "/probability/merge", "[").status == 400)
        #expect(try await client.send(.post, "/probability/merge", "{}").status == 422)
        #expect(try await client.send(.post, "/probability/merge?x=1", "[]").status == 400)
        let typo = try await merge([three[0], changed(one, "\"exact\"", "\"exakt\""), three[2]], client)
        #expect(typo.status == 400 && typo.text.contains("/1/exakt"))
    }

    /// Directions know no budget of the whole run: it is checked where they come together.
    @Test func directionsThatTogetherTakeTooMuchAreRefused() async throws {
        let client = try APIClient()
        let bodies = try await shards(Self.plane + #", "method": "directional", "n": 60"#, count: 2, client).map {
            $0.replacing("\"max_evaluations\": 1000000", with: "\"max_evaluations\": 11625")
                .replacing(/"evaluations": \d+,\s*"values"/, with: "\"evaluations\": 5000, \"values\"")
        }
        let reply = try await merge(bodies, client)
        #expect(reply.status == 422 && reply.text.contains("/0/max_evaluations"), "\(reply.text)")
    }

    /// Whatever follows from the moments and the parameters is compared with what these give.
    @Test(arguments: [runs[0], runs[1], runs[3], runs[4]]) func everyFigureOfAShardIsChecked(members: String)
        async throws
    {
        let client = try APIClient(), bodies = try await shards(members, count: 2, client)
        let derived = [
            "estimate", "standard_error", "relative_error", "confidence_interval", "exact", "z_score", "hits", "draws",
            "evaluations",
            "gradient_evaluations", "effective_sample_size", "pareto_k", "pareto_k_threshold", "variance_reduction",
            "reason",
            "design_points", "form_probability", "warning", "variables", "reproduce",
        ]
        for name in derived {
            for value in ["0.125", "\"other\"", "[0.25, 0.5]"] {
                // A member once more would be refused as such: the name is changed where it stands.
                guard let start = bodies[1].firstRange(of: "\n  \"\(name)\": ")?.upperBound else {
                    Issue.record("no \(name)")
                    continue
                }
                let next = bodies[1][start...].firstRange(of: "\n  \"")?.lowerBound
                let changed = bodies[1][..<start] + value + (next.map { "," + bodies[1][$0...] } ?? "\n}")
                let reply = try await merge([bodies[0], String(changed)], client)
                #expect(reply.status == 422 && reply.text.contains("\"/1/\(name)"), "\(name): \(reply.text)")
            }
        }
    }
}
