import API
import APIFixtures
import Testing

/// What is wrong with a request is said, with its place.
@Suite struct ProbabilityErrorTests {
    private static let bodies: [(body: String, status: Int, pointer: String, words: [String])] = [
        ("{}", 422, "/g", ["“g” is missing"]),
        (#"{"g": "x1"}"#, 422, "/variables", ["“variables” is missing"]),
        (#"{"g": "x1", "variables": {}}"#, 422, "/variables", ["at least one"]),
        (#"{"g": "x1", "variables": 7}"#, 422, "/variables", ["an object", "a number"]),
        (#"{"g": "x1+y", "variables": {"x1": "normal:0:1"}}"#, 400, "/g", ["'y'", "character 4", "x1"]),
        (
            #"{"g": "x1", "variables": {"x1": "normal:0:1", "x2": "normal:0:1"}}"#, 422, "/variables/x2",
            ["“x2”", "not occur"]
        ),
        (#"{"g": "x1", "variables": {"x[1:2]": "normal:0:1"}}"#, 422, "/variables/x[1:2]", ["“x2”"]),
        (
            #"{"g": "x1", "variables": {"x1": "normal:0:1", "x[1:1]": "normal:0:1"}}"#, 422, "/variables/x[1:1]",
            ["more than once"]
        ),
        (#"{"g": "x1", "variables": {"x[2:1]": "normal:0:1"}}"#, 422, "/variables/x[2:1]", ["empty"]),
        (#"{"g": "x1", "variables": {"x[1-2]": "normal:0:1"}}"#, 400, "/variables/x[1-2]", ["x[1:20]"]),
        (#"{"g": "x1", "variables": {"x[1:9999]": "normal:0:1"}}"#, 422, "/variables/x[1:9999]", ["200"]),
        (#"{"g": "x1", "variables": {"sin": "normal:0:1"}}"#, 422, "/variables/sin", ["cannot be a variable"]),
        (#"{"g": "x1", "variables": {"a b": "normal:0:1"}}"#, 422, "/variables/a b", ["cannot be a variable"]),
        (#"{"g": "x1", "variables": {"x1": "norml:0:1"}}"#, 422, "/variables/x1", ["Did you mean “normal”?"]),
        (#"{"g": "x1", "variables": {"x1": "normal:0"}}"#, 422, "/variables/x1", ["“std”", "missing"]),
        (#"{"g": "x1", "variables": {"x1": "normal:0:0"}}"#, 422, "/variables/x1", ["“std”", "above 0"]),
        (#"{"g": "x1", "variables": {"x1": "normal:0:1:2"}}"#, 422, "/variables/x1", ["normal", "mean, std"]),
        (#"{"g": "x1", "variables": {"x1": "normal:zero:1"}}"#, 400, "/variables/x1", ["normal:mean:std", "“zero”"]),
        (
            #"{"g": "x1", "variables": {"x1": {"distribution": "normal", "mean": 0, "std": -1}}}"#, 422,
            "/variables/x1/std", ["above 0"]
        ),
        (
            #"{"g": "x1", "variables": {"x1": {"distribution": "normal", "mean": 0, "sdt": 1}}}"#, 400,
            "/variables/x1/sdt", ["Available names: distribution, mean, std."]
        ),
        (#"{"g": "x1", "variables": {"x1": {"mean": 0, "std": 1}}}"#, 422, "/variables/x1/distribution", ["missing"]),
        (
            #"{"g": "x1", "variables": {"x1": {"distribution": "uniform", "min": 2, "max": 1}}}"#, 422,
            "/variables/x1/max", ["above min"]
        ),
        (#"{"g": "x1", "variables": {"x1": [1]}}"#, 422, "/variables/x1", ["an array"]),
        (#"{"g": "x1", "variables": "x1"}"#, 400, "/variables", ["no “=”"]),
        (
            #"{"g": "x1+x2", "variables": {"x[1:2]": "normal:0:1"}, "correlation": [[1, 2], [2, 1]]}"#, 422,
            "/correlation", ["-1 and 1"]
        ),
        (
            #"{"g": "x1+x2", "variables": {"x[1:2]": "normal:0:1"}, "correlation": [[1, 0.5]]}"#, 422, "/correlation",
            ["size 2"]
        ),
        (
            #"{"g": "x1+x2+x3", "variables": {"x[1:3]": "normal:0:1"}, "correlation": [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]}"#,
            422, "/correlation", ["positive definite", "x3"]
        ),
        (
            #"{"g": "x1", "variables": {"x1": "normal:0:1"}, "n": 5, "relative_error": 0.1}"#, 422, "/relative_error",
            ["only one"]
        ),
        (
            #"{"g": "x1", "variables": {"x1": "normal:0:1"}, "methd": "form"}"#, 400, "/methd",
            ["Did you mean “method”?"]
        ),
        (#"{"g": "x1", "variables": {"x1": "normal:0:1"}, "n": 0}"#, 422, "/n", ["between 1 and"]),
        (
            #"{"g": "log(x1)", "variables": {"x1": "normal:0:1"}, "seed": 1}"#, 422, "/g",
            ["log(x1) is undefined where x1 = -"]
        ),
        (#"{"g": "if(x1 = 2, 1, 2)", "variables": {"x1": "normal:0:1"}}"#, 400, "/g", ["'=='", "character 7"]),
    ]

    @Test(arguments: bodies.indices) func whatIsWrongIsNamed(index: Int) async throws {
        let (body, status, pointer, words) = Self.bodies[index]
        let reply = try await APIClient().send(.post, "/probability", body)
        #expect(reply.status == status, "\(body): \(reply.text)")
        let json = try reply.json()
        #expect(json["pointer"]?.text == pointer, "\(body): \(reply.text)")
        let detail = json["detail"]?.text ?? ""
        for word in words { #expect(detail.contains(word), "\(body): \(detail)") }
    }

    @Test(arguments: [
        ("g=x1", 422, "variables", "missing"), ("g=x1&x1=normal:0", 422, "x1", "std"),
        ("g=x1&x1=normal:0:1&treshold=3", 400, "treshold", "Did you mean “threshold”?"),
        ("g=x1&x1=normal:0:1&x1=normal:0:1", 400, "x1", "more than once"),
        ("g=x1%2Bx2&x%5B1:2%5D=normal:0:1&correlation=1,0.5,0.5", 422, "correlation", "length 4"),
        ("g=x1&x1=normal:0:1&x2=normal:0:1", 422, "x2", "does not occur"), ("x1=normal:0:1", 422, "g", "missing"),
        ("g=x1&x1=normal:0:1&correlation=a", 400, "correlation", "row by row"),
    ]) func queriesTheSame(query: String, status: Int, parameter: String, word: String) async throws {
        let reply = try await APIClient().send(.get, "/probability?\(query)")
        #expect(reply.status == status, "\(query): \(reply.text)")
        #expect(try reply.json()["parameter"]?.text == parameter, "\(query): \(reply.text)")
        #expect(try reply.json()["detail"]?.text?.contains(word) == true, "\(query): \(reply.text)")
    }

    /// Events that never happen, always happen, and functions that do not vary: a reply with a bound, and words.
    @Test(arguments: [
        (#""g": "x1+40""#, 0.0...1e-2, "none"), (#""g": "x1-40""#, 0.9...1, "all"),
        (#""g": "5+0*x1""#, 0...1e-2, "5.0"),
        (#""g": "x1/0""#, 0...1, ""),
    ]) func whatNeverHappensHasABound(members: String, range: ClosedRange<Double>, word: String) async throws {
        let reply = try await APIClient().send(
            .post, "/probability",
            "{\(members), \"variables\": {\"x1\": \"uniform:0:1\"}, \"seed\": 1, \"method\": \"naive\", \"n\": 2000}")
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let interval = json["confidence_interval"]?.elements?.compactMap(\.double) ?? []
        #expect(interval.count == 2 && interval[0] >= 0 && interval[1] <= 1, "\(reply.text)")
        #expect(try range.contains(#require(json["estimate"]?.double)))
        #expect(word.isEmpty || json["warning"]?.text?.contains(word) == true, "\(reply.text)")
    }
}
