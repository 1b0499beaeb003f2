import API
import APIFixtures
import Statistics
import Testing

@Suite struct ProbabilityControllerTests {
    private static let plane = #""variables": {"x1": "normal:0:1", "x2": "normal:0:1"}"#

    private func ask(_ members: String, accept: String? = nil, threads: Int = 2) async throws -> APIClient.Reply {
        try await APIClient(threads: threads).send(.post, "/probability", "{\(members)}", accept: accept)
    }

    /// P(x1 + x2 ≥ 4) for standard normal inputs with correlation ρ is Φ(−4/√(2 + 2ρ)).
    @Test(arguments: [0, 0.5, -0.4]) func theEstimateIsNearTheTruth(rho: Double) async throws {
        let reply = try await ask(
            #""g": "x1+x2", "threshold": 4, "event": "above", "seed": 3, "correlation": [[1, \#(rho)], [\#(rho), 1]], "#
                + Self.plane)
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let truth = ElementaryFunction.normalCDF(-4 / (2 + 2 * rho).squareRoot())
        let estimate = try #require(json["estimate"]?.double), error = try #require(json["standard_error"]?.double)
        #expect(abs(estimate - truth) <= 5 * error + 1e-9 * truth)
        #expect(error <= 0.05 * estimate)
        if let exact = json["exact"]?.double { #expect(abs(exact / truth - 1) < 1e-6) }
        let interval = json["confidence_interval"]?.elements?.compactMap(\.double) ?? []
        #expect(interval.count == 2 && interval[0] <= estimate && estimate <= interval[1])
        let point = json["design_points"]?.elements?.first
        if let point {
            let index = try #require(point["reliability_index"]?.double)
            #expect(abs(index - 4 / (2 + 2 * rho).squareRoot()) < 1e-3)
            let x = point["x"]?.elements?.compactMap(\.double) ?? []
            #expect(abs(x[0] + x[1] - 4) < 1e-2)
        }
    }

    @Test(arguments: ["auto", "naive", "form", "importance", "cross_entropy", "subset", "directional"])
    func everyMethodAnswersTheSameForAnyNumberOfThreads(method: String) async throws {
        let members = #""g": "3-x1*x2", "method": "\#(method)", "max_evaluations": 20000, "seed": 7, \#(Self.plane)"#
        let alone = try await ask(members, threads: 1)
        #expect(alone.status == 200, "\(alone.text)")
        #expect(try await ask(members, threads: 3).body == alone.body)
        let json = try alone.json()
        #expect(json["method_asked"]?.text == method)
        if method != "auto" { #expect(json["method"]?.text == method) }
        #expect(try #require(json["evaluations"]?.double) <= 20000)
        let estimate = try #require(json["estimate"]?.double)
        #expect((0...1).contains(estimate))
        // FORM linearizes; the others are within their errors of the truth.
        if method != "form" {
            let error = try #require(json["standard_error"]?.double)
            #expect(abs(estimate - 0.009819298721546755) <= 5 * error)
        }
    }

    @Test func aQueryAndABodySayTheSame() async throws {
        let client = try APIClient()
        let query = try await client.send(
            .get,
            "/probability?g=x1-x2%2Bx3&x%5B1:2%5D=exponential:1&x3=uniform:-1:1&seed=5&n=1000&method=naive&threshold=-1"
        )
        #expect(query.status == 200, "\(query.text)")
        let body = try await client.send(
            .post, "/probability",
            #"{"g": "x1-x2+x3", "variables": {"x[1:2]": {"distribution": "exponential", "rate": 1}, "x3": "uniform:-1:1"}, "seed": 5, "n": 1000, "method": "naive", "threshold": -1}"#
        )
        #expect(body.status == 200, "\(body.text)")
        var first = try query.json(), second = try body.json()
        let url = try #require(first.removeValue(forKey: "reproduce")?.text)
        #expect(second.removeValue(forKey: "reproduce")?["seed"]?.double == 5)
        #expect(first.keys.sorted() == second.keys.sorted())
        for name in first.keys {
            #expect(
                JSONWriter.write(try #require(first[name]), .line)
                    == JSONWriter.write(try #require(second[name]), .line))
        }
        #expect(try await client.send(.get, url).body == query.body)
        let joined = try await client.send(
            .get,
            "/probability?g=x1-x2%2Bx3&variables=x%5B1:2%5D=exponential:1,x3=uniform:-1:1&seed=5&n=1000&method=naive&threshold=-1"
        )
        #expect(joined.body == query.body)
        let twice = try await client.send(
            .get, "/probability?g=x1&variables=x1=exponential:1&x1=normal:0:1&seed=5&n=10&method=naive")
        #expect(twice.status == 422 && twice.text.contains("more than once"), "\(twice.text)")
        let text = try await client.send(
            .post, "/probability",
            #"{"g": "x1-x2+x3", "variables": "x[1:2]=exponential:1, x3=uniform:-1:1", "seed": 5, "n": 1000, "method": "naive", "threshold": -1}"#
        )
        #expect(text.body == body.body)
        let again = try await client.send(.get, url)
        #expect(again.headerFields[.cacheControl]?.contains("immutable") == true)
    }

    @Test func aStreamEndsWithTheAnswer() async throws {
        let members = #""g": "3-x1*x2", "seed": 2, "n": 40000, "method": "naive", \#(Self.plane)"#
        let lines = try await ask(members, accept: "application/x-ndjson").lines
        #expect(lines.count > 2)
        let answer = try await ask(members, accept: "application/json").text
        let last = try JSONReader.read(Array(try #require(lines.last).utf8))
        #expect(JSONWriter.write(last, .page) == Array(answer.utf8))
        let counts = try lines.dropLast().map { try JSONReader.read(Array($0.utf8))["evaluations"]?.double ?? -1 }
        #expect(counts == counts.sorted())
        #expect(try await ask(members, accept: "application/x-ndjson", threads: 1).lines == lines)
    }

    @Test func theTableHasTheDraws() async throws {
        let reply = try await ask(
            #""g": "3-weight*hit", "variables": {"weight": "normal:0:1", "hit": "normal:0:1"}, "seed": 2, "n": 5000, "method": "naive""#,
            accept: "text/csv")
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.lines.first == "variable_weight,variable_hit,g,weight,hit")
        #expect(reply.lines.count > 1000)
        for line in reply.lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
            #expect(cells.count == 5)
            #expect(cells[2] == 3 - cells[0] * cells[1])
            #expect((cells[4] == 1) == (cells[2] <= 0))
        }
    }

    @Test(arguments: [
        #""g": "3-x1*x2", \#(plane)"#,
        #""g": "x1+0*x2", "variables": {"x1": "uniform:0:1", "x2": "normal:0:1"}, "threshold": -9"#,
        #""g": "if(x1 < 2, 1, x2)", "correlation": [[1, 0.5], [0.5, 1]], \#(plane)"#,
    ]) func pictures(members: String) async throws {
        let reply = try await ask(
            members + #", "seed": 1, "n": 2000"#,
            accept: "image/svg+xml")
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.text.hasPrefix("<svg") && reply.text.hasSuffix("</svg>\n"))
        for piece in ["limit state", "log density", "prefers-color-scheme:dark"] { #expect(reply.text.contains(piece)) }
        #expect(!reply.text.contains("nan"))
    }

    @Test func aPictureIsOfTwoVariables() async throws {
        let reply = try await ask(#""g": "x1", "variables": {"x1": "normal:0:1"}"#, accept: "image/svg+xml")
        #expect(reply.status == 422)
        #expect(try reply.json()["pointer"]?.text == "/variables")
    }

    @Test func branchesAndManyVariables() async throws {
        let sum = (1...100).map { "x\($0)" }.joined(separator: "+")
        let reply = try await ask(
            #""g": "if(x1 < 0, 35 - (\#(sum)), 35 - (\#(sum)) + x1^2*0)", "variables": {"x[1:100]": "normal:0:1"}, "seed": 4"#
        )
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let truth = ElementaryFunction.normalCDF(-3.5)
        let estimate = try #require(json["estimate"]?.double), error = try #require(json["standard_error"]?.double)
        #expect(abs(estimate - truth) <= 5 * error)
        #expect(json["variables"]?.elements?.count == 100)
    }

    @Test func whatHadBeenReachedIsThePartialAnswer() async throws {
        let body =
            #"{"g": "x1+x2-9", "event": "above", "seed": 1, "method": "naive", "n": 900000000, "max_evaluations": 1000000000, \#(Self.plane)}"#
        let reply = try await APIClient().partialReply(.post, "/probability", body)
        // A query belongs to the body's endpoint for the deadline alone.
        #expect(reply.status == 504, "\(reply.text)")
        #expect(try #require(try reply.json()["partial"]?["evaluations"]?.double) > 0)
    }
}
