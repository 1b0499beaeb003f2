import API
import APIFixtures
import HTTPTypes
import Testing

@Suite struct GradientsControllerTests {
    /// Small, so that many of them make a quick test.
    private let small = "iterations=400&batch=60&every=50"

    private func number(_ json: JSON?, _ path: String...) -> Double? {
        var value = json
        for name in path {
            guard case .object(let fields)? = value else { return nil }
            value = fields.first { $0.name == name }?.value
        }
        return value?.double
    }

    /// Not the function, whose values are small.
    @Test func anExtremeStartIsToBlameForExtremeGradients() async throws {
        for sigma in ["1e-300", "1e-200"] {
            let reply = try await APIClient().send(.get, "/gradients?seed=1&sigma=\(sigma)")
            #expect(reply.status == 422)
            #expect(try reply.json()["parameter"]?.text == "sigma", "\(reply.text)")
        }
    }

    @Test func theDefaultDescentsEndAtTheOptimum() async throws {
        let json = try await APIClient().send(.get, "/gradients?seed=1").json()
        let mu = try #require(number(json["optimum"], "mu"))
        let sigma = try #require(number(json["optimum"], "sigma"))
        #expect(abs(mu - 0.44229748832082241) < 1e-10)
        #expect(abs(sigma - 0.60649502493158087) < 1e-10)
        #expect(abs(try #require(number(json["optimum"], "value")) - 1.69616823584817502) < 1e-10)
        let estimators = try #require(json["estimators"]?.elements)
        #expect(estimators.count == 2)
        for estimator in estimators {
            #expect(abs(try #require(number(estimator, "final", "mu")) - mu) < 0.02)
            #expect(abs(try #require(number(estimator, "final", "sigma")) - sigma) < 0.02)
            for place in ["at_start", "at_optimum"] {
                for component in ["mu", "tau"] {
                    #expect(abs(try #require(number(estimator, place, component, "bias_z"))) < 5)
                }
            }
        }
        // The exact ratios are 4.33 and 11.59; the variances are estimated from 10⁵ draws.
        #expect(abs(try #require(number(estimators[0], "at_optimum", "mu", "variance_ratio")) - 4.33) < 0.2)
        #expect(abs(try #require(number(estimators[0], "at_optimum", "tau", "variance_ratio")) - 11.59) < 0.6)
        #expect(number(estimators[1], "at_optimum", "tau", "variance_ratio") == 1)
    }

    @Test func aTraceHasTheStartTheEndAndEveryFewPointsBetween() async throws {
        let json = try await APIClient().send(.get, "/gradients?seed=1&iterations=25&batch=4&every=10").json()
        let trace = try #require(json["estimators"]?.elements?.first?["trace"])
        #expect(trace["iteration"]?.elements?.compactMap(\.double) == [0, 10, 20, 25])
        #expect(trace["mu"]?.elements?.first?.double == 0)
        #expect(trace["sigma"]?.elements?.first?.double == 1)
        #expect(trace["gradient_variance"]?["tau"]?.elements?.count == 4)
        let final = json["estimators"]?.elements?.first?["final"]?["mu"]?.double
        #expect(trace["mu"]?.elements?.last?.double == final)
    }

    @Test func theSameSeedGivesTheSameBytesWhateverTheThreadsTheFormAndTheCompany() async throws {
        let one = try APIClient(threads: 1), three = try APIClient(threads: 3)
        let target = "/gradients?\(small)&seed=7&estimators=measure_valued,log_derivative_baseline"
        let alone = try await one.send(.get, target)
        #expect(alone.status == 200)
        async let others = withThrowingTaskGroup(of: Int.self) { group in
            for seed in 0..<8 {
                group.addTask { try await three.send(.get, "/gradients?\(small)&seed=\(seed)").status }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(try await three.send(.get, target).body == alone.body)
        #expect(try await others.allSatisfy { $0 == 200 })
        let posted = try await one.send(
            .post, "/gradients",
            #"{"iterations": 400, "batch": 60, "every": 50, "seed": 7, "#
                + #""estimators": ["measure_valued", "log_derivative_baseline"]}"#
        ).json()
        #expect(posted["reproduce"]?["seed"]?.double == 7)
        let fromGet = try alone.json()
        for name in ["optimum", "estimators"] {
            #expect(
                JSONWriter.write(try #require(posted[name]), .line)
                    == JSONWriter.write(try #require(fromGet[name]), .line))
        }
    }

    @Test func aChosenSeedIsReportedAndReproduces() async throws {
        let client = try APIClient()
        let chosen = try await client.send(.get, "/gradients?\(small)&f=x%5E2%2Bx&mu=-1/3")
        #expect(chosen.headerFields[.eTag] == nil)
        let url = try #require(try chosen.json()["reproduce"]?.text)
        let names = url.drop { $0 != "?" }.dropFirst().split(separator: "&").map { $0.prefix { $0 != "=" } }
        #expect(
            names == [
                "f", "r", "estimators", "iterations", "batch", "learning_rate", "mu", "sigma", "every", "seed",
            ])
        let again = try await client.send(.get, url)
        #expect(again.body == chosen.body)
        let tag = try #require(again.headerFields[.eTag])
        let known = try await client.send(.get, url, bytes: [], type: nil, fields: [.ifNoneMatch: tag])
        #expect(known.status == 304)
    }

    @Test func theTableAndThePictureShowTheTraces() async throws {
        let client = try APIClient()
        let json = try await client.send(.get, "/gradients?\(small)&seed=3").json()
        let table = try await client.send(.get, "/gradients?\(small)&seed=3", accept: "text/csv")
        #expect(table.lines.first == "estimator,iteration,mu,sigma,gradient_variance_mu,gradient_variance_tau")
        #expect(table.lines.count == 1 + 2 * 9)
        let last = try #require(table.lines.last).split(separator: ",")
        let final = json["estimators"]?.elements?.last?["final"]
        #expect(last[0] == "reparameterization")
        #expect(Double(last[2]) == final?["mu"]?.double)
        #expect(Double(last[3]) == final?["sigma"]?.double)
        let picture = try await client.send(.get, "/gradients?\(small)&seed=3", accept: "image/svg+xml")
        #expect(picture.headerFields[.contentType] == "image/svg+xml")
        #expect(picture.text.hasPrefix("<svg") && picture.text.contains("log-derivative"))
        #expect(picture.headerFields[.eTag] != nil)
    }

    @Test func aBatchOfOneHasNoVarianceAndSaysSo() async throws {
        let client = try APIClient()
        let target = "/gradients?batch=1&iterations=3&seed=1&estimators=log_derivative"
        let json = try await client.send(.get, target).json()
        let variance = json["estimators"]?.elements?.first?["trace"]?["gradient_variance"]?["mu"]
        #expect(variance?.elements?.allSatisfy { $0.double == nil } == true)
        let table = try await client.send(.get, target, accept: "text/csv")
        #expect(table.lines[1].hasSuffix(",,"))
    }

    @Test func withoutAnOptimumThereIsAReason() async throws {
        let json = try await APIClient().send(.get, "/gradients?f=x&r=0*mu&seed=1&iterations=10").json()
        #expect(json["optimum"]?["mu"]?.double == nil)
        #expect(json["optimum"]?["reason"]?.text?.isEmpty == false)
        #expect(json["estimators"]?.elements?.first?["at_optimum"]?["mu"] == nil)
    }

    @Test func aStreamOfProgressEndsWithTheObject() async throws {
        let client = try APIClient()
        let plain = try await client.send(.get, "/gradients?iterations=1000&batch=30&seed=2")
        let stream = try await client.send(
            .get, "/gradients?iterations=1000&batch=30&seed=2", accept: "application/x-ndjson")
        #expect(stream.lines.count == 101)
        for (index, line) in stream.lines.dropLast().enumerated() {
            let state = try JSONReader.read(Array(line.utf8))
            #expect(state["iteration"]?.double == Double(10 * (index + 1)))
            #expect(state["estimators"]?.elements?.count == 2)
        }
        let last = try JSONReader.read(Array((stream.lines.last ?? "").utf8))
        #expect(JSONWriter.write(last, .page) == plain.body)
    }

    @Test func workThatFailsEndsItsStreamWithTheProblem() async throws {
        let reply = try await APIClient().send(
            .get, "/gradients?f=log(x)&seed=1", accept: "application/x-ndjson")
        #expect(reply.status == 200)
        let last = try JSONReader.read(Array((reply.lines.last ?? "").utf8))
        #expect(last["status"]?.double == 422)
        #expect(last["parameter"]?.text == "f")
    }

    static let bad: [(query: String, status: Int, culprit: String, words: String)] = [
        ("f=x*sin(", 400, "f", "at character 7"),
        ("f=y", 400, "f", "expected"),
        ("f=", 400, "f", "expected"),
        ("f=x+1", 400, "f", "%2B"),
        ("f=\(String(repeating: "(", count: 3000))", 400, "f", "2048"),
        ("f=\(String(repeating: "x*", count: 5000))x", 422, "f", "at most 10000 bytes"),
        ("r=x", 400, "r", "expected"),
        ("f=log(x)", 422, "f", "log(x) is undefined where x = -"),
        ("f=1/(x-x)", 422, "f", "1/(x-x)"),
        ("f=exp(exp(x%5E2))&sigma=9", 422, "f", "exp"),
        ("r=log(mu)", 422, "r", "log(mu)"),
        ("f=-x%5E4&iterations=2000&learning_rate=1", 422, "learning_rate", "left the range"),
        ("estimators=score", 422, "estimators", "log_derivative"),
        ("estimators=reparametrization", 422, "estimators", "Did you mean “reparameterization”?"),
        ("estimators=", 422, "estimators", "lists"),
        ("estimators=log_derivative,log_derivative", 422, "estimators", "repeat"),
        ("estimators=log_derivative_baseline&batch=1", 422, "batch", "at least 2"),
        ("iterations=0", 422, "iterations", "at least 1"),
        ("iterations=1.5", 422, "iterations", "whole"),
        ("iterations=many", 400, "iterations", "whole"),
        ("iterations=100000000000", 422, "iterations", "gradients.max_draws"),
        ("iterations=9223372036854775807&batch=9223372036854775807", 422, "batch", "gradients.max_draws"),
        ("batch=0", 422, "batch", "at least 1"),
        ("batch=5000000&iterations=1", 422, "batch", "at most"),
        ("learning_rate=0", 422, "learning_rate", "above 0"),
        ("learning_rate=-1/2", 422, "learning_rate", "above 0"),
        ("sigma=0", 422, "sigma", "above 0"),
        ("sigma=1e-320", 422, "sigma", "above 0"),
        ("mu=nan", 400, "mu", "number"),
        ("every=0", 422, "every", "at least 1"),
        ("iterations=1000000&batch=1&every=1", 422, "every", "points"),
        ("seed=-1", 422, "seed", "between 0"),
        ("seed=9007199254740992", 422, "seed", "between 0"),
        ("batchs=3", 400, "batchs", "Did you mean “batch”?"),
        ("batch=3&batch=4", 400, "batch", "more than once"),
        ("deadline=0", 422, "deadline", "above 0"),
    ]

    @Test(arguments: bad.indices)
    func badQueriesAreRefusedWithTheCulpritsName(index: Int) async throws {
        let (query, status, culprit, words) = Self.bad[index]
        let reply = try await APIClient().send(.get, "/gradients?\(query)")
        #expect(reply.status == status, "\(reply.text)")
        #expect(try reply.json()["parameter"]?.text == culprit)
        #expect(reply.text.contains(words), "\(reply.text)")
        #expect(reply.headerFields[.contentType] == "application/problem+json")
    }

    static let badBodies: [(body: String, status: Int, pointer: String)] = [
        ("{", 400, ""), ("[]", 422, ""), (#"{"g": 1}"#, 400, "/g"), (#"{"f": 1}"#, 422, "/f"),
        (#"{"f": "x*"}"#, 400, "/f"), (#"{"sigma": 0}"#, 422, "/sigma"),
        (#"{"estimators": "log_derivative"}"#, 422, "/estimators"),
        (#"{"estimators": ["log_derivative", "x"]}"#, 422, "/estimators/1"),
        (#"{"estimators": ["log_derivative", 1]}"#, 422, "/estimators/1"),
        (#"{"estimators": []}"#, 422, "/estimators"),
        (#"{"f": "log(x)", "iterations": 5}"#, 422, "/f"),
        (#"{"f": "\#(String(repeating: "x+", count: 50000))x"}"#, 422, "/f"),
    ]

    @Test(arguments: badBodies.indices)
    func badBodiesAreRefusedWithAPointer(index: Int) async throws {
        let (body, status, pointer) = Self.badBodies[index]
        let reply = try await APIClient().send(.post, "/gradients", body)
        #expect(reply.status == status, "\(reply.text)")
        #expect((try reply.json()["pointer"]?.text ?? "") == pointer)
    }

    @Test func whatIsNotOfferedIsRefused() async throws {
        let client = try APIClient()
        #expect(try await client.send(.get, "/gradients?seed=1", accept: "image/png").status == 406)
        #expect(try await client.send(.delete, "/gradients").status == 405)
        #expect(try await client.send(.post, "/gradients", "f=x", type: "text/plain").status == 415)
        #expect(try await client.send(.post, "/gradients?seed=1", "{}").status == 400)
    }

    @Test func aPassedDeadlineIs504WithWhereTheDescentsWere() async throws {
        let reply = try await APIClient().partialReply(
            .get, "/gradients?iterations=10000000&every=1000&seed=1")
        #expect(reply.status == 504)
        let partial = try #require(try reply.json()["partial"])
        #expect(try #require(partial["iteration"]?.double) > 0)
        #expect(partial["estimators"]?.elements?.count == 2)
    }

    @Test func aClientThatLeavesStopsItsWork() async throws {
        let client = try APIClient(threads: 1)
        let task = Task { try await client.send(.get, "/gradients?iterations=10000000&every=1000&seed=1") }
        await client.workHasBegun()
        task.cancel()
        #expect(try await task.value.status == 499)
        // The one thread is free again, and nothing keeps it from ending.
        #expect(try await client.send(.get, "/gradients?\(small)&seed=1").status == 200)
        client.compute.stop()
    }
}

extension JSON {
    subscript(name: String) -> JSON? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
}
