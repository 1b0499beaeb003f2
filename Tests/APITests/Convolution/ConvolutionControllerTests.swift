import API
#if canImport(Glibc)
import APIFixtures
import Glibc
#endif
import Testing

@Suite struct ConvolutionControllerTests {
    private let path = "/invertible-convolution"
    /// A = P L (U + diag(s)) = [[1, 0.5], [2, 3]].
    private let weight = """
        "permutation": [1, 0], "lower": [[1, 0], [0.5, 1]], "upper": [[0, 3], [0, 0]], "scale": [2, -1]
        """

    /// Channels of rows of columns, of numbers that do not repeat.
    private func tensor(_ channels: Int, _ rows: Int, _ columns: Int) -> String {
        "["
            + (0..<channels).map { channel in
                "["
                    + (0..<rows).map { row in
                        "["
                            + (0..<columns).map { "\(sin(Double(7 * channel + 3 * row + $0 + 1) * 1.7))" }
                            .joined(separator: ",") + "]"
                    }.joined(separator: ",") + "]"
            }.joined(separator: ",") + "]"
    }

    private func flat(_ json: JSON?) -> [Double] {
        if let value = json?.double { return [value] }
        return (json?.elements ?? []).flatMap { flat($0) }
    }

    private func text(_ json: JSON?) -> String {
        String(decoding: JSONWriter.write(json ?? .null, .line), as: UTF8.self)
    }

    /// log|det| of 2 × 2 matrices one after the other.
    private func logDeterminants(_ weights: [Double]) -> [Double] {
        stride(from: 0, to: weights.count, by: 4).map { (first: Int) -> Double in
            let diagonal = weights[first] * weights[first + 3]
            let other = weights[first + 1] * weights[first + 2]
            return log(abs(diagonal - other))
        }
    }

    @Test func mixesChannelsAsTheFactorsSay() async throws {
        let reply = try await APIClient().send(
            .post, path, "{\(weight), \"input\": [[[1, 2]], [[3, 4]]]}")
        #expect(reply.status == 200)
        let json = try reply.json()
        #expect(flat(json["weight"]) == [1, 0.5, 2, 3])
        #expect(flat(json["output"]) == [2.5, 4, 11, 16])
        #expect(abs((json["log_abs_det"]?.double ?? 0) - 2 * log(2)) < 1e-15)
        #expect(json["sign"]?.double == 1)
        #expect(json["reproduce"] == nil)
    }

    /// Every kind of weight: a request's fields but for the input, which has 4 or 2 channels.
    private static let kinds = [
        "",
        #""conditioner": {"layers": [{"weight": [[0.3, 1], [-1, 0.2], [0.5, 0.5], [0.1, -0.7]], "bias": [0.1, 0.2, 0.3, 0.4]}]}"#,
        #""conditioner": {"layers": [{"weight": [[0.3, 1], [-1, 0.2], [0.5, 0.5], [0.1, -0.7]], "bias": [0, 0, 0, 0]}], "per_position": true}"#,
        #""conditioner": {"seed": 3, "hidden": 5}"#,
        #""conditioner": {"seed": 3, "hidden": [5, 4], "per_position": true, "activation": "relu"}"#,
        #""conditioner": {"seed": 4, "hidden": [], "shift": true}"#,
        #""conditioner": {"seed": 5, "shift": true, "per_position": true}"#,
    ]

    @Test(arguments: kinds)
    func inverseUndoesForwardAndTheLogDeterminantIsTheWeights(_ conditioner: String) async throws {
        let client = try APIClient(), isConditional = !conditioner.isEmpty
        let fields = isConditional ? "\(weight), \(conditioner)" : weight
        let input = tensor(isConditional ? 4 : 2, 3, 5)
        let forward = try await client.send(.post, path, "{\(fields), \"input\": \(input)}")
        #expect(forward.status == 200)
        let there = try forward.json()
        let backward = try await client.send(
            .post, path, "{\(fields), \"input\": \(text(there["output"])), \"inverse\": true}")
        let back = try backward.json()
        let start = flat(try JSONReader.read(Array(input.utf8)))
        let end = flat(back["output"])
        #expect(start.count == end.count)
        for (a, b) in zip(start, end) { #expect(abs(a - b) < 1e-12) }
        let logAbsDet = try #require(there["log_abs_det"]?.double)
        let inverseLogAbsDet = try #require(back["log_abs_det"]?.double)
        #expect(abs(logAbsDet + inverseLogAbsDet) < 1e-12)
        // One A for all 15 positions, or 15 of them.
        let logs = logDeterminants(flat(there["weight"]))
        #expect(logs.count == (conditioner.contains("per_position") ? 15 : 1))
        let mean = logs.reduce(0, +) / Double(logs.count)
        #expect(abs(logAbsDet - 15 * mean) < 1e-11)
        #expect(there["sign"]?.double == 1)
    }

    @Test func positionsDoNotSeeOneAnother() async throws {
        // 16 channels at 8192 positions go in several pieces; the last 10 alone in one.
        let client = try APIClient(), c = 16, n = 8192
        let rows = (0..<c).map { row in
            "[" + (0..<c).map { $0 == row ? "1" : $0 < row ? "0.25" : "0" }.joined(separator: ",") + "]"
        }
        let upper = (0..<c).map { row in "[" + (0..<c).map { $0 > row ? "-0.125" : "0" }.joined(separator: ",") + "]" }
        let fields = """
            "permutation": \((0..<c).map { ($0 + 3) % c }), "lower": [\(rows.joined(separator: ","))], \
            "upper": [\(upper.joined(separator: ","))], "scale": \((0..<c).map { Double($0) - 7.5 })
            """
        for inverse in [false, true] {
            func run(_ input: String) async throws -> [String: JSON] {
                try await client.send(.post, path, "{\(fields), \"inverse\": \(inverse), \"input\": \(input)}").json()
            }
            let whole = flat(try await run(tensor(c, 1, n))["output"])
            let last = try await run(
                "["
                    + (0..<c).map { channel in
                        "[[" + (n - 10..<n).map { "\(sin(Double(7 * channel + $0 + 1) * 1.7))" }.joined(separator: ",")
                            + "]]"
                    }.joined(separator: ",") + "]")
            let part = flat(last["output"])
            try #require(whole.count == c * n && part.count == c * 10)
            for channel in 0..<c {
                #expect(
                    Array(whole[channel * n + n - 10..<channel * n + n])
                        == Array(part[channel * 10..<channel * 10 + 10]))
            }
            // det A to an even power.
            #expect(last["sign"]?.double == 1)
        }
    }

    @Test func aSeedGivesTheSameBytesWhateverTheThreads() async throws {
        let one = try APIClient(threads: 1), three = try APIClient(threads: 3)
        let body = "\"input\": \(tensor(6, 4, 4))"
        let first = try await one.send(.post, path, "{\(body), \"conditioner\": {}}")
        let reproduce = try #require(try first.json()["reproduce"])
        guard case .object(let fields) = reproduce else { Issue.record("no object"); return }
        #expect(fields.map(\.name) == ["conditioner"])
        let again = "{\(body), \"conditioner\": \(text(fields[0].value))}"
        for client in [one, three] {
            async let other = client.send(.post, path, "{\(body), \"conditioner\": {\"seed\": 9}}")
            #expect(try await client.send(.post, path, again).body == first.body)
            #expect(try await other.body != first.body)
        }
    }

    @Test(arguments: [
        (#""scale": [2, 0]"#, "/scale/1"),
        (#""scale": [2, 1e-13]"#, "/scale/1"),
        (#""scale": [2, 1, 1]"#, "/scale"),
        (#""scale": [2, null]"#, "/scale/1"),
        (#""scale": 2"#, "/scale"),
        (#""permutation": [0, 0]"#, "/permutation/1"),
        (#""permutation": [0, 2]"#, "/permutation/1"),
        (#""permutation": [0, 0.5]"#, "/permutation/1"),
        (#""permutation": [0, 1e300]"#, "/permutation/1"),
        (#""permutation": [0]"#, "/permutation"),
        (#""permutation": []"#, "/permutation"),
        (#""lower": [[2, 0], [0.5, 1]]"#, "/lower/0/0"),
        (#""lower": [[1, 3], [0.5, 1]]"#, "/lower/0/1"),
        (#""lower": [[1, 0], [0.5]]"#, "/lower/1"),
        (#""lower": [[1, 0]]"#, "/lower"),
        (#""lower": [[1, 0], "x"]"#, "/lower/1"),
        (#""lower": {}"#, "/lower"),
        (#""lower": [[1, 0], [1e308, 1]], "scale": [100, 1]"#, "/lower"),
        (#""upper": [[1, 3], [0, 0]]"#, "/upper/0/0"),
        (#""upper": [[0, 3], [1, 0]]"#, "/upper/1/0"),
        (#""upper": [[0, true], [0, 0]]"#, "/upper/0/1"),
        (#""input": []"#, "/input"),
        (#""input": [[], []]"#, "/input/0"),
        (#""input": [[[]], [[]]]"#, "/input/0/0"),
        (#""input": [[[1]], [[1, 2]]]"#, "/input/1/0"),
        (#""input": [[[1]], [[1], [2]]]"#, "/input/1"),
        (#""input": [[[1]], [["a"]]]"#, "/input/1/0/0"),
        (#""input": [[[1]], [[null]]]"#, "/input/1/0/0"),
        (#""input": [[1], [2]]"#, "/input/0/0"),
        (#""input": [[[1]], [[1]], [[1]]]"#, "/permutation"),
        (#""input": [[[1e308]], [[1e308]]]"#, "/input"),
        (#""inverse": 1"#, "/inverse"),
        (#""conditioner": {}, "input": [[[1]], [[1]], [[1]]]"#, "/input"),
        (#""conditioner": {}, "input": [[[1]], [[1]]]"#, "/permutation"),
        (#""conditioner": []"#, "/conditioner"),
        (#""conditioner": {"hidden": 0}"#, "/conditioner/hidden"),
        (#""conditioner": {"hidden": [3, 1.5]}"#, "/conditioner/hidden/1"),
        (#""conditioner": {"hidden": 1e15}"#, "/conditioner/hidden"),
        (#""conditioner": {"seed": -1}"#, "/conditioner/seed"),
        (#""conditioner": {"activation": "tan"}"#, "/conditioner/activation"),
        (#""conditioner": {"per_position": "yes"}"#, "/conditioner/per_position"),
        (#""conditioner": {"layers": []}"#, "/conditioner/layers"),
        (#""conditioner": {"layers": [{"weight": [[1, 1]], "bias": [0]}], "seed": 1}"#, "/conditioner/seed"),
        (#""conditioner": {"layers": [{"weight": [[1, 1]], "bias": [0]}]}"#, "/conditioner/layers"),
        (#""conditioner": {"layers": [{"weight": [[1]], "bias": [0]}]}"#, "/conditioner/layers/0/weight/0"),
        (#""conditioner": {"layers": [{"weight": [[1, 1]], "bias": [0, 1]}]}"#, "/conditioner/layers/0/bias"),
        (#""conditioner": {"layers": [{"weight": [[1, 1]]}]}"#, "/conditioner/layers/0/bias"),
        (
            #""conditioner": {"layers": [{"weight": [[1, 0], [0, 0], [0, 0], [0, 0]], "bias": [-800, 0, 0, 0]}]}"#,
            "/conditioner"
        ),
        (
            #""conditioner": {"per_position": true, "layers": [{"weight": [[1, 0], [0, 0], [0, 0], [0, 0]], "bias": [800, 0, 0, 0]}]}"#,
            "/conditioner"
        ),
        (
            #""conditioner": {"layers": [{"weight": [[0, 0], [0, 0], [1e308, 1e308], [0, 0]], "bias": [0, 0, 1e308, 0]}]}"#,
            "/conditioner"
        ),
    ])
    func whatCannotBeIsRefusedByName(_ change: String, _ pointer: String) async throws {
        // The change comes first, and the good values of the other fields follow.
        var fields = [change]
        let input = change.contains("conditioner") ? "[[[1]], [[2]], [[3]], [[4]]]" : "[[[1]], [[2]]]"
        for field in [
            #""permutation": [1, 0]"#, #""lower": [[1, 0], [0.5, 1]]"#, #""upper": [[0, 3], [0, 0]]"#,
            #""scale": [2, -1]"#, "\"input\": \(input)",
        ] where !change.contains(field.prefix { $0 != ":" }) { fields.append(field) }
        let reply = try await APIClient().send(.post, path, "{\(fields.joined(separator: ", "))}")
        #expect(reply.status == 422, "\(change): \(reply.text)")
        guard case .string(let culprit)? = try reply.json()["pointer"] else {
            Issue.record("\(change) blames nobody: \(reply.text)")
            return
        }
        #expect(culprit == pointer, "\(change): \(reply.text)")
    }

    @Test func typosAndMissingFieldsAreNamed() async throws {
        let client = try APIClient()
        let typo = try await client.send(.post, path, "{\(weight), \"inputs\": [[[1]], [[2]]]}")
        #expect(typo.status == 400)
        #expect(typo.text.contains("Did you mean “input”?"))
        let unknown = try await client.send(
            .post, path, #"{"input": [[[1]], [[2]]], "conditioner": {"width": 3}}"#)
        #expect(unknown.status == 400)
        #expect(unknown.text.contains("\"/conditioner/width\""))
        let missing = try await client.send(.post, path, #"{"input": [[[1]]]}"#)
        #expect(missing.status == 422)
        #expect(missing.text.contains("\"/permutation\""))
        #expect(try await client.send(.post, path + "?x=1", "{}").status == 400)
        #expect(try await client.send(.post, path, "[1]").status == 422)
        #expect(try await client.send(.post, path, "{").status == 400)
        #expect(try await client.send(.get, path).status == 405)
        #expect(try await client.send(.post, path, "{}", accept: "text/csv").status == 406)
        #expect(try await client.send(.post, path, "{}", type: "text/csv").status == 415)
    }

    @Test func sizesBeyondTheLimitsNameTheirKeys() async throws {
        var configuration = APIConfiguration()
        configuration.convolution = ConvolutionLimits(channels: 2, numbers: 40)
        let client = try APIClient(configuration: configuration)
        for (body, key, pointer) in [
            ("\"input\": \(tensor(6, 1, 1)), \"conditioner\": {}", "convolution.max_channels", "/input"),
            ("\"input\": \(tensor(4, 1, 11)), \"conditioner\": {}", "convolution.max_numbers", "/input"),
            (
                "\"input\": \(tensor(4, 1, 1)), \"conditioner\": {\"hidden\": 11}", "convolution.max_numbers",
                "/conditioner/hidden"
            ),
        ] {
            let reply = try await client.send(.post, path, "{\(body)}")
            #expect(reply.status == 422)
            #expect(reply.text.contains(key))
            #expect(reply.text.contains("\"pointer\": \"\(pointer)\""))
        }
        // 10 positions are 40 numbers of input, and as many of A's.
        let most = "\"input\": \(tensor(4, 1, 10)), \"conditioner\": {\"hidden\": 10, \"per_position\": true}"
        #expect(try await client.send(.post, path, "{\(most)}").status == 200)
    }

    @Test func aPassedDeadlineIs504() async throws {
        let reply = try await APIClient().send(
            .post, path + "?deadline=1e-9", "{\(weight), \"input\": [[[1]], [[2]]]}")
        #expect(reply.status == 504)
        #expect(reply.text.contains("\"partial\""))
    }
}
