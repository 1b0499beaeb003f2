import API
import APIFixtures
import HTTPTypes
import Testing

@Suite struct RuinControllerTests {
    @Test func theDefaultsAreRedAtRouletteBesideTheExactValue() async throws {
        let reply = try await APIClient().send(.get, "/ruin?seed=1")
        #expect(reply.status == 200)
        let json = try reply.json()
        let exact = try #require(json["exact"]?.double)
        #expect((exact / 2.3883834506069734e-06 - 1).magnitude < 1e-12)
        #expect(try #require(json["z_score"]?.double).magnitude < 5)
        #expect(json["n"]?.double == 3000)
        #expect(json["k"]?.double == 600)
        #expect(json["p"]?.double == 18.0 / 37)
        #expect(try #require(json["variance_reduction"]?.double) > 1e5)
        #expect(try #require(json["pareto_k"]?.double) < json["pareto_k_threshold"]?.double ?? 0)
        guard case .null? = json["warning"] else {
            Issue.record("a warning without a reason")
            return
        }
    }

    @Test func fractionsDecimalsAndTheReproducingURLAgreeToTheByte() async throws {
        let client = try APIClient()
        let first = try await client.send(.get, "/ruin?n=2000&p=18/37&k=400")
        #expect(first.headerFields[.eTag] == nil)
        guard case .string(let url)? = try first.json()["reproduce"] else {
            Issue.record("no reproduce")
            return
        }
        let names = url.split(separator: "?")[1].split(separator: "&").map { $0.prefix { $0 != "=" } }
        #expect(names == ["n", "k", "p", "q", "start", "goal", "method", "confidence", "seed", "shard"])
        let again = try await client.send(.get, url)
        #expect(again.body == first.body)
        let tag = try #require(again.headerFields[.eTag])
        let known = try await client.send(.get, url, bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(known.status == 304)
    }

    static let varied = [
        "n=50000&k=300&goal=150", "n=700&method=naive&goal=105", "n=40&k=200&goal=110&method=zero_variance",
        "n=2000&k=50&outcomes=35:1/37,-1:36/37", "n=3000&q=0.55", "relative_error=0.05", "k=50&n=200",
    ]

    @Test(arguments: varied)
    func noNumberOfThreadsAndNoCompanyChangesAByte(query: String) async throws {
        let target = "/ruin?seed=9&" + query
        let alone = try await APIClient(threads: 1).send(.get, target)
        #expect(alone.status == 200, "\(alone.text)")
        let client = try APIClient(threads: 3)
        let others = (0..<4).map { seed in Task { try await client.send(.get, "/ruin?n=20000&seed=\(seed)") } }
        let among = try await client.send(.get, target)
        for other in others { #expect(try await other.value.status == 200) }
        #expect(among.body == alone.body)
        guard case .string(let url)? = try alone.json()["reproduce"] else {
            Issue.record("no reproduce")
            return
        }
        #expect(try await client.send(.get, url).body == alone.body)
    }

    @Test(arguments: varied)
    func aStreamEndsWithTheObjectThatJSONReturns(query: String) async throws {
        let client = try APIClient(), target = "/ruin?seed=4&" + query
        let plain = try await client.send(.get, target)
        let stream = try await client.send(.get, target, accept: "application/x-ndjson")
        #expect(stream.headerFields[.contentType] == "application/x-ndjson")
        let lines = try stream.lines.map { try JSONReader.read(Array($0.utf8)) }
        #expect(JSONWriter.write(try #require(lines.last), .page) == plain.body)
        var before = 0.0
        for case .object(let fields) in lines.dropLast() {
            #expect(fields[0].name == "gamblers")
            let gamblers = try #require(fields[0].value.double)
            #expect(gamblers > before)
            before = gamblers
        }
        // The last look sees them all.
        guard case .object(let moments)? = try plain.json()["moments"] else { return }
        #expect(moments[0].value.double == before)
    }

    @Test func noHitsAreAnAnswerWithTheExactBoundAndAWarning() async throws {
        let json = try await APIClient().send(.get, "/ruin?method=naive&seed=3").json()
        #expect(json["estimate"]?.double == 0)
        #expect(json["hits"]?.double == 0)
        let interval = json["confidence_interval"]?.elements?.compactMap(\.double) ?? []
        // 1 − 0.05^(1/3000), from its logarithm's series.
        #expect(interval.count == 2 && interval[0] == 0)
        #expect((interval[1] / 9.980797e-4 - 1).magnitude < 1e-4)
        guard case .null? = json["relative_error"], case .string(let warning)? = json["warning"] else {
            Issue.record("no warning")
            return
        }
        #expect(warning.contains("variance"))
    }

    @Test func whatCannotBeReachedHasProbabilityZeroAndSaysSo() async throws {
        let reply = try await APIClient().send(.get, "/ruin?k=99&seed=1")
        let json = try reply.json()
        #expect(reply.status == 200)
        #expect(json["estimate"]?.double == 0)
        #expect(json["exact"]?.double == 0)
        #expect(reply.text.contains("cannot be reached"))
    }

    @Test func aRelativeErrorIsReachedAndSaysHowManyItTook() async throws {
        let json = try await APIClient().send(.get, "/ruin?relative_error=0.02&seed=1").json()
        #expect(try #require(json["relative_error"]?.double) <= 0.02)
        #expect(json["relative_error_target"]?.double == 0.02)
        let count = try #require(json["n"]?.double)
        #expect(count >= 1024 && count.remainder(dividingBy: 1024) == 0)
    }

    static let bad: [(query: String, status: Int, culprit: String)] = [
        ("n=0", 422, "n"), ("n=-1", 422, "n"), ("n=1.5", 422, "n"), ("n=many", 400, "n"), ("n=", 400, "n"),
        ("n=1000000000001", 422, "n"), ("n=1e400", 400, "n"), ("n=1000000000000&k=1001", 422, "n"),
        ("k=0", 422, "k"), ("k=1000000000000", 422, "k"), ("k=1e300", 422, "k"),
        ("p=0", 422, "p"), ("p=1", 422, "p"), ("p=0/1", 422, "p"), ("p=1/0", 400, "p"), ("p=nan", 400, "p"),
        ("q=0", 422, "q"), ("q=1", 422, "q"), ("q=AUTO", 400, "q"), ("q=0.5&method=naive", 422, "q"),
        ("q=0.5&outcomes=1:1/2,-1:1/2", 422, "q"), ("p=0.5&outcomes=1:1/2,-1:1/2", 422, "p"),
        ("start=0", 422, "start"), ("start=200", 422, "start"), ("start=300", 422, "start"),
        ("goal=0", 422, "goal"), ("goal=-5", 422, "goal"), ("goal=9007199254740993", 422, "goal"),
        ("method=clever", 422, "method"), ("outcomes=", 422, "outcomes"), ("outcomes=1", 422, "outcomes"),
        ("outcomes=1:1/2,-1:1/3", 422, "outcomes"), ("outcomes=1:2,-1:-1", 422, "outcomes"),
        ("relative_error=0", 422, "relative_error"), ("relative_error=0.1&n=5", 422, "relative_error"),
        ("relative_error=0.1&shard=0/2&seed=1", 422, "shard"),
        ("confidence=1", 422, "confidence"), ("confidence=0", 422, "confidence"),
        ("seed=-1", 422, "seed"), ("seed=9007199254740992", 422, "seed"), ("seed=x", 400, "seed"),
        ("shard=0/2", 422, "seed"), ("shard=2/2&seed=1", 422, "shard"), ("shard=0/0&seed=1", 422, "shard"),
        ("shard=half&seed=1", 400, "shard"), ("shard=1/4&n=3&seed=1", 422, "shard"),
        ("sead=1", 400, "sead"), ("n=5&n=6", 400, "n"), ("deadline=0", 422, "deadline"),
        ("method=zero_variance&start=1000&goal=900000&k=900000", 422, "method"),
    ]

    @Test(arguments: bad.indices)
    func badParametersAreRefusedByName(index: Int) async throws {
        let (query, status, culprit) = Self.bad[index]
        let reply = try await APIClient().send(.get, "/ruin?" + query)
        #expect(reply.status == status, "\(query): \(reply.text)")
        guard case .string(let name)? = try reply.json()["parameter"] else {
            Issue.record("no culprit in \(reply.text)")
            return
        }
        #expect(name == culprit, "\(query)")
    }

    @Test func aPassedDeadlineIs504WithTheReportSoFar() async throws {
        let reply = try await APIClient().partialReply(.get, "/ruin?n=1000000000000&seed=1")
        #expect(reply.status == 504)
        guard case .object(let partial)? = try reply.json()["partial"] else {
            Issue.record("nothing partial in \(reply.text)")
            return
        }
        #expect(try #require(partial.first { $0.name == "gamblers" }?.value.double) > 0)
        let stream = try await APIClient().send(
            .get, "/ruin?n=1000000000000&seed=1&deadline=0.3", accept: "application/x-ndjson")
        #expect(stream.status == 200)
        #expect(stream.lines.last?.contains("\"status\":504") == true)
    }

    @Test func aClientThatLeavesEndsItsWork() async throws {
        let client = try APIClient(threads: 1)
        // One long run, one whose plan alone takes long, and one of few gamblers who play for ever.
        let targets = [
            "/ruin?n=1000000000000", "/ruin?n=10&k=100000&start=2000&goal=4000&p=0.4999",
            "/ruin?n=1&k=1000000000000000&p=0.5&q=0.5&start=500000000000000&goal=1000000000000000",
        ]
        for target in targets {
            let task = Task { try await client.send(.get, target) }
            await client.workHasBegun()
            // Others are served meanwhile, by the same only thread.
            #expect(try await client.send(.get, "/ruin?n=10&k=200&seed=1").status == 200)
            task.cancel()
            let status = try await task.value.status
            #expect(status == 499 || status == 200)
        }
        #expect(try await client.send(.get, "/sample?seed=1").status == 200)
    }
}
