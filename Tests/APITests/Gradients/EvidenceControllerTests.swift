import API
import APIFixtures
import Testing

@Suite struct EvidenceControllerTests {
    private let body = #""log_h": "-(z1-1)^2/2 - z2^2/8", "mean": [0, 0.5], "log_std": [0.1, 0]"#

    private func pair(_ json: JSON?, _ name: String) -> [Double] {
        json?[name]?.elements?.compactMap(\.double) ?? []
    }

    @Test func everyEstimatorIsUnbiasedAndTheVanishingTermVanishes() async throws {
        let reply = try await APIClient().send(
            .post, "/elbo-gradient", "{\(body), \"samples\": 50000, \"seed\": 3}")
        #expect(reply.status == 200)
        let json = try reply.json()
        // Closed form: m − 1 against h, and 1 − s² v for the log standard deviations.
        let s = [1.2214027581601698, 1.0]
        let exact = ["mean": [1.0, -0.125], "log_std": [1 - s[0], 1 - s[1] / 4]]
        for (name, values) in exact {
            for (found, value) in zip(pair(json["exact"], name), values) { #expect(abs(found - value) < 1e-9) }
        }
        let estimators = try #require(json["estimators"]?.elements)
        #expect(
            estimators.compactMap { $0["estimator"]?.text } == [
                "log_derivative", "reparameterization", "sticking_the_landing",
            ])
        for estimator in estimators {
            for (name, values) in exact {
                let found = pair(estimator["gradient"], name), errors = pair(estimator["standard_error"], name)
                #expect(found.count == 2)
                for k in found.indices { #expect(abs(found[k] - values[k]) <= 5 * errors[k] + 1e-12) }
            }
        }
        for name in ["mean", "log_std"] {
            let score = pair(estimators[0]["score_mean"], name)
            let errors = pair(estimators[0]["score_standard_error"], name)
            for k in score.indices { #expect(abs(score[k]) <= 5 * errors[k]) }
        }
        #expect(estimators[1]["score_mean"] == nil)
    }

    @Test func theSameSeedGivesTheSameBytesAndAChosenOneIsReported() async throws {
        let one = try APIClient(threads: 1), three = try APIClient(threads: 3)
        let chosen = try await one.send(.post, "/elbo-gradient", "{\(body)}")
        let seed = Int(try #require(try chosen.json()["reproduce"]?["seed"]?.double))
        let again = try await three.send(.post, "/elbo-gradient", "{\(body), \"seed\": \(seed)}")
        #expect(again.body == chosen.body)
    }

    @Test func beyondTwoDimensionsThereIsNoExactGradient() async throws {
        let json = try await APIClient().send(
            .post, "/elbo-gradient",
            #"{"log_h": "-z1^2-z2^2-z3^2", "mean": [0,0,0], "log_std": [0,0,0], "samples": 1, "seed": 1}"#
        ).json()
        #expect(json["exact"]?["elbo"] == nil)
        #expect(json["elbo"]?.double != nil)
        #expect(json["standard_error"]?.double == nil)
    }

    static let bad: [(body: String, status: Int, pointer: String)] = [
        (#"{"mean": [0], "log_std": [0]}"#, 422, "/log_h"),
        (#"{"log_h": "z1", "log_std": [0]}"#, 422, "/mean"),
        (#"{"log_h": "z1", "mean": [0]}"#, 422, "/log_std"),
        (#"{"log_h": "z1", "mean": [], "log_std": []}"#, 422, "/mean"),
        (#"{"log_h": "z1", "mean": [0, 0], "log_std": [0]}"#, 422, "/log_std"),
        (#"{"log_h": "z1", "mean": [0, null], "log_std": [0, 0]}"#, 422, "/mean/1"),
        (#"{"log_h": "z2", "mean": [0], "log_std": [0]}"#, 400, "/log_h"),
        (#"{"log_h": "log(z1)", "mean": [0], "log_std": [0]}"#, 422, "/log_h"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [1e9]}"#, 422, "/log_std"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [0], "samples": 0}"#, 422, "/samples"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [0], "samples": 1e15}"#, 422, "/samples"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [0], "estimators": ["stick"]}"#, 422, "/estimators/0"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [0], "estimators": []}"#, 422, "/estimators"),
        (#"{"log_h": "z1", "mean": [0], "log_std": [0], "sample": 3}"#, 400, "/sample"),
    ]

    @Test(arguments: bad.indices)
    func badBodiesAreRefusedWithAPointer(index: Int) async throws {
        let (body, status, pointer) = Self.bad[index]
        let reply = try await APIClient().send(.post, "/elbo-gradient", body)
        #expect(reply.status == status, "\(reply.text)")
        #expect(try reply.json()["pointer"]?.text == pointer)
    }

    @Test func aPassedDeadlineIs504WithTheSamplesDrawn() async throws {
        let reply = try await APIClient().partialReply(
            .post, "/elbo-gradient", "{\(body), \"samples\": 1000000000, \"seed\": 1}")
        #expect(reply.status == 504)
        #expect(try #require(try reply.json()["partial"]?["samples"]?.double) > 0)
    }
}
