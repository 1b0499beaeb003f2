import API
import APIFixtures
import HTTPTypes
import Testing

/// What once was a number that could not be trusted, or an end of the process, end to end.
@Suite struct HonestyTests {
    @Test(arguments: [
        ("confidence=0.9999999999999999", [#""warning": null"#]),
        ("q=0.01", [#""confidence_interval": [0,1]"#, "no gambler reached the goal"]),
        (
            "q=0.999999",
            [#""standard_error": null"#, #""relative_error": null"#, ",1],", "all hits have the same weight"]
        ),
        ("p=0.9999999", [#""estimate": 1,"#, #""standard_error": null"#, "every gambler reached the goal"]),
        ("q=5e-324", [#""confidence_interval": [0,1]"#]),
        ("p=5e-324", [#""warning": ""#]),
        ("n=1&q=0.7", [#""warning": ""#]),
    ]) func ruinSaysWhatItDoesNotKnow(query: String, parts: [String]) async throws {
        let reply = try await APIClient().send(.get, "/ruin?seed=1&" + query)
        #expect(reply.status == 200)
        for part in parts { #expect(reply.text.contains(part), "\(part) in \(reply.text)") }
        let interval = try #require(reply.text.firstMatch(of: /"confidence_interval": \[([^\]]*)\]/)).1
        let ends = interval.split(separator: ",").compactMap { Double($0) }
        #expect(ends.count == 2 && ends.allSatisfy { (0...1).contains($0) }, "\(interval)")
    }

    @Test func manyDifferentEndsAreRefusedBeforeTheyFillTheMemory() async throws {
        let reply = try await APIClient().send(
            .get,
            "/ruin?deadline=2&seed=1&n=1e9&k=1000000&start=1000000000&goal=1000000001&outcomes=1000000007:0.3,999999937:0.3,-1000003:0.4"
        )
        // Refused with the culprit, or past the deadline: never without an end.
        #expect([422, 504].contains(reply.status), "\(reply.text.prefix(300))")
    }

    @Test func forgedShardsAreRefused() async throws {
        let client = try APIClient()
        let shard = try await client.send(
            .get, "/ruin?n=40&k=50&start=5&goal=9&method=zero_variance&seed=1&shard=0/1"
        ).text
        #expect(shard.contains(#""squares""#))
        for (sum, squares) in [
            ("295147905179352825856", "0"), ("-295147905179352825856", "309485009821345068724781056"), ("9e9", "1"),
        ] {
            for count in ["40", "281474976710656"] {
                var forged = shard.replacing(/"sum": ?"[^"]*"/, with: "\"sum\": \"\(sum)\"")
                forged = forged.replacing(/"squares": ?"[^"]*"/, with: "\"squares\": \"\(squares)\"")
                forged = forged.replacing(/"count": ?\d+/, with: "\"count\": \(count)")
                forged = forged.replacing(/"hits": ?\d+(,\s*"sum")/, with: "\"hits\": \(count), \"sum\"")
                let reply = try await client.send(.post, "/ruin/merge", "[\(forged)]")
                #expect(reply.status == 422 || reply.status == 400, "\(reply.text)")
            }
        }
    }

    @Test(arguments: [
        "mu=1e16&f=1&r=0", "mu=-1e16&f=1&r=0", "mu=1e300&f=1&r=0", "mu=1.7e308&f=1&r=0", "sigma=1e-300&f=1&r=0",
        "sigma=1e300&f=1&r=0",
        "f=1e300*x&r=0&learning_rate=1e-300",
    ]) func descentsFarFromZeroHaveFigures(query: String) async throws {
        let reply = try await APIClient().send(
            .get, "/gradients?iterations=1&seed=1&" + query, accept: "image/svg+xml")
        if reply.status == 200 {
            #expect(reply.text.hasPrefix("<svg") && reply.text.hasSuffix("</svg>\n"))
            #expect(!reply.text.contains("nan") && !reply.text.contains("inf\""))
        } else {
            #expect(reply.status == 422 && reply.text.contains("detail"))
        }
    }

    @Test(arguments: [5e15, 1e16, -1e100, 1e300]) func ascentsFarFromZeroHaveFigures(start: Double) async throws {
        let reply = try await APIClient().send(
            .post, "/maximize",
            #"{"f": "-abs(x)/1e300 - y", "variables": ["x", "y"], "start": [\#(start), \#(start)], "iterations": 5}"#,
            accept: "image/svg+xml")
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.text.hasSuffix("</svg>\n"))
    }

    @Test func anUnboundedFunctionIsCalledThat() async throws {
        let reply = try await APIClient().send(.post, "/maximize", #"{"f": "x^2", "variables": ["x"], "start": [0.5]}"#)
        #expect(reply.status == 200)
        #expect(reply.text.contains(#""stopped": "unbounded""#), "\(reply.text)")
    }

    @Test func variablesAreComparedAsBytesAndNotByCanonicalEquivalence() async throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 100_000)
        let reply = try await APIClient().send(
            .post, "/maximize", #"{"f": "a", "variables": ["a", "a\#(marks)"], "start": [0, 0]}"#)
        #expect(reply.status == 422)
        #expect(reply.text.contains("variables") && reply.body.count < 2000)
    }

    @Test func anExactValueThatCannotBeHadHasAReason() async throws {
        let client = try APIClient()
        let pole = try await client.send(
            .post, "/elbo-gradient", #"{"log_h": "1/z1", "mean": [0], "log_std": [0], "samples": 100, "seed": 1}"#)
        #expect(pole.status == 200)
        #expect(pole.text.contains(#""exact": null"#), "\(pole.text)")
        #expect(pole.text.contains("log_h is unbounded near z1 = 0"))
        let fine = try await client.send(
            .post, "/elbo-gradient", #"{"log_h": "-z1^2/2", "mean": [0], "log_std": [0], "samples": 100, "seed": 1}"#)
        #expect(!fine.text.contains("exact_unavailable"))
        let optimum = try await client.send(.get, "/gradients?f=1/x&iterations=5&seed=1")
        #expect(optimum.text.contains("unbounded near x = 0"), "\(optimum.text.prefix(400))")
    }
}
