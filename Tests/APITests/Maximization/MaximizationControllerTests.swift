import API
import APIFixtures
import Testing

@Suite struct MaximizationControllerTests {
    /// max −(x−2)² − (y−3)² over each kind of set, by hand.
    static let good: [(constraints: String, maximizer: [Double])] = [
        ("null", [2, 3]),
        (#"[{"fixed": 1}, {"min": 0, "max": 1}]"#, [1, 1]),
        (#"{"ball": {"center": [0, 0], "radius": 1}}"#, [2 / 13.0.squareRoot(), 3 / 13.0.squareRoot()]),
        (#"{"simplex": 1}"#, [0, 1]),
        (#"{"half_space": {"normal": [1, 1], "offset": 1}}"#, [0, 1]),
    ]

    @Test(arguments: good.indices, ["\"auto\"", "0.2"])
    func theMaximizerOverTheSet(index: Int, stepSize: String) async throws {
        let (constraints, maximizer) = Self.good[index]
        let reply = try await APIClient().send(
            .post, "/maximize",
            """
            {"f": "-(x-2)^2-(y-3)^2", "variables": ["x", "y"], "start": [0.3, 0.4],
             "constraints": \(constraints), "step_size": \(stepSize), "tolerance": 1e-10}
            """)
        #expect(reply.status == 200, "\(reply.text)")
        let json = try reply.json()
        let found = json["maximizer"]?.elements?.compactMap(\.double) ?? []
        #expect(found.count == 2)
        for (a, b) in zip(found, maximizer) { #expect(abs(a - b) < 1e-8) }
        #expect(json["stopped"]?.text == "tolerance")
        #expect(try #require(json["projected_gradient_norm"]?.double) < 1e-10)
        let trace = try #require(json["trace"])
        let values = trace["value"]?.elements?.compactMap(\.double) ?? []
        #expect(values.last == json["value"]?.double)
        #expect(trace["point"]?.elements?.count == values.count)
        #expect(trace["point"]?.elements?.last?.elements?.compactMap(\.double) == found)
    }

    @Test func theTableAndThePicture() async throws {
        let client = try APIClient()
        let body = #"{"f": "sin(x)*cos(y)", "variables": ["x", "y"], "start": [0.1, 0.2]}"#
        let table = try await client.send(.post, "/maximize", body, accept: "text/csv")
        #expect(table.lines.first == "iteration,x,y,value,projected_gradient_norm")
        #expect(table.lines[1].hasPrefix("0,0.1,0.2,"))
        let picture = try await client.send(.post, "/maximize", body, accept: "image/svg+xml")
        #expect(picture.text.hasPrefix("<svg"))
        let line = try await client.send(
            .post, "/maximize", #"{"f": "-t^2", "variables": ["t"], "start": [1]}"#, accept: "image/svg+xml")
        #expect(line.status == 422)
        #expect(try line.json()["pointer"]?.text == "/variables")
    }

    /// Whatever the variables are called, every column has its own name and its own numbers.
    @Test(arguments: [
        (["value", "iteration"], ["variable_value", "variable_iteration"]),
        (["variable_value", "value"], ["variable_value", "variable_variable_value"]),
        (["projected_gradient_norm", "y"], ["variable_projected_gradient_norm", "y"]),
    ])
    func columnsHaveDifferentNames(variables: [String], columns: [String]) async throws {
        let body = """
            {"f": "-(\(variables[0])-3)^2-\(variables[1])^2", "variables": ["\(variables[0])", "\(variables[1])"], "start": [1, 2]}
            """
        let table = try await APIClient().send(.post, "/maximize", body, accept: "text/csv")
        #expect(table.lines.first == "iteration,\(columns[0]),\(columns[1]),value,projected_gradient_norm")
        #expect(table.lines[1].hasPrefix("0,1,2,-8,"))
    }

    static let bad: [(body: String, status: Int, pointer: String)] = [
        (#"{"f": "x", "start": [0]}"#, 422, "/variables"),
        (#"{"f": "x", "variables": [], "start": []}"#, 422, "/variables"),
        (#"{"f": "a,b", "variables": ["a,b"], "start": [0]}"#, 422, "/variables"),
        (#"{"f": "x", "variables": ["\"x"], "start": [0]}"#, 422, "/variables"),
        (#"{"f": "x", "variables": ["x", "x"], "start": [0, 0]}"#, 422, "/variables"),
        (#"{"f": "sin", "variables": ["sin"], "start": [0]}"#, 422, "/variables"),
        (#"{"f": "x", "variables": [1], "start": [0]}"#, 422, "/variables/0"),
        (#"{"variables": ["x"], "start": [0]}"#, 422, "/f"),
        (#"{"f": "y", "variables": ["x"], "start": [0]}"#, 400, "/f"),
        (#"{"f": "log(x)", "variables": ["x"], "start": [-1]}"#, 422, "/f"),
        (#"{"f": "x", "variables": ["x"]}"#, 422, "/start"),
        (#"{"f": "x", "variables": ["x"], "start": [0, 1]}"#, 422, "/start"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "step_size": "big"}"#, 422, "/step_size"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "step_size": 0}"#, 422, "/step_size"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "iterations": 10001}"#, 422, "/iterations"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "tolerance": -1}"#, 422, "/tolerance"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "constraints": {"simplex": -1}}"#, 422, "/constraints/simplex"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "constraints": [null, null]}"#, 422, "/constraints"),
        (#"{"f": "exp(x)", "variables": ["x"], "start": [0], "step_size": 10}"#, 422, "/f"),
        (#"{"f": "x", "variables": ["x"], "start": [0], "seed": 1}"#, 400, "/seed"),
    ]

    @Test(arguments: bad.indices)
    func badBodiesAreRefusedWithAPointer(index: Int) async throws {
        let (body, status, pointer) = Self.bad[index]
        let reply = try await APIClient().send(.post, "/maximize", body)
        #expect(reply.status == status, "\(reply.text)")
        #expect(try reply.json()["pointer"]?.text == pointer, "\(reply.text)")
    }
}
