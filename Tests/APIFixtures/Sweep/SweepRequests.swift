import API
import HTTP
import HTTPTypes
import Statistics

/// Makes the requests of a seed, each by its index alone: every endpoint, with its fields at and about their
/// bounds, of wrong types, left out, repeated and misspelled, one or several at once.
package struct SweepRequests: Sendable {
    package struct Route: Sendable {
        package let method: HTTPRequest.Method
        package let path: String
        /// Parameters with values that are good.
        package var query: [(name: String, values: [String])] = []
        /// Bodies that are good.
        package var bodies: [String] = []
    }

    private let seed: UInt64
    package let routes: [Route]
    private let picture: [UInt8]

    /// - Parameters:
    ///   - side: pixels of a row or column of the model's images.
    ///   - shards: what ``shards`` are answered.
    ///   - parts: what ``parts`` are answered.
    package init(seed: UInt64, side: Int, shards: [String], parts: [String]) throws {
        self.seed = seed
        func image(hole: Int?) -> String {
            "["
                + (0..<side).map { row in
                    "[" + (0..<side).map { row * side + $0 == hole ? "null" : "0.\($0 % 10)" }.joined(separator: ",")
                        + "]"
                }.joined(separator: ",") + "]"
        }
        let mask = "[" + (0..<side * side).map { $0 % 3 == 0 ? "0" : "true" }.joined(separator: ",") + "]"
        let flat = "[" + (0..<side * side).map { "0.\($0 % 10)" }.joined(separator: ",") + "]"
        let options: [(name: String, values: [String])] = [
            ("method", ["projected_gradient", "noisy_gradient", "posterior"]),
            ("step_size", ["auto", "paper", "0.001"]),
            ("iterations", ["1", "7", "20"]), ("tolerance", ["0", "0.1"]),
            ("initial", ["conditional_mean", "mean", "noise", "draw", "0.5"]),
            ("samples", ["1", "3"]), ("seed", ["1", "9007199254740991"]), ("trace_every", ["0", "2"]),
        ]
        let models: [(name: String, values: [String])] = [("model", ["flow", "hole", "photographs"])]
        let picture: [(name: String, values: [String])] = [("scale", ["1", "3"]), ("strip", ["true", "false"])]
        let boxes: [(name: String, values: [String])] = [("rows", ["1:2"]), ("columns", ["0:3"])]
        routes = [
            Route(
                method: .get, path: "/ruin",
                query: [
                    ("n", ["1", "10", "60"]), ("k", ["1", "10", "30"]), ("p", ["18/37", "0.5", "0.01"]),
                    ("q", ["auto", "0.5"]), ("start", ["1", "2", "5"]), ("goal", ["3", "6", "7"]),
                    ("method", ["importance", "naive", "zero_variance"]), ("outcomes", ["2:1/3,-1:2/3"]),
                    ("relative_error", ["0.5"]), ("confidence", ["0.95", "0.5"]), ("seed", ["1"]),
                    ("shard", ["0/1", "1/2"]),
                ]),
            Route(method: .post, path: "/ruin/merge", bodies: ["[" + shards.joined(separator: ",") + "]"]),
            Route(method: .post, path: "/probability/merge", bodies: ["[" + parts.joined(separator: ",") + "]"]),
            Route(method: .get, path: "/probability", query: Self.probability),
            Route(
                method: .post, path: "/probability",
                bodies: [
                    #"{"g":"3-x1*x2","threshold":0,"event":"below","variables":{"x1":"normal:0:1","x2":{"distribution":"normal","mean":0,"std":1}},"correlation":[[1,0.5],[0.5,1]],"method":"auto","relative_error":0.5,"max_evaluations":2000,"confidence":0.9,"seed":1}"#,
                    #"{"g":"if(x1<y and x2>1,x1,log(x3+y))","event":"above","variables":{"x[1:3]":"exponential:1","y":{"distribution":"beta","alpha":2,"beta":3,"min":1,"max":2}},"method":"subset","n":300,"max_evaluations":3000,"seed":2}"#,
                    #"{"g":"x1+x2-9","variables":{"x1":{"distribution":"gumbel","mean":1,"std":2},"x2":{"distribution":"student_t","degrees_of_freedom":3,"location":0,"scale":1}},"method":"directional","n":50,"max_evaluations":2000,"seed":2}"#,
                    #"{"g":"x1+x2+x3-9","variables":"x1=weibull:1:2,x2=gamma:2:1,x3=triangular:0:1:2","method":"cross_entropy","n":20,"max_evaluations":2000,"seed":2,"shard":"1/3"}"#,
                ]),
            Route(method: .get, path: "/gradients", query: Self.gradients),
            Route(
                method: .post, path: "/gradients",
                bodies: [
                    #"{"f":"x*sin(x)","r":"(mu-1)^2/2+sigma-log(sigma)","estimators":["log_derivative"],"iterations":20,"batch":5,"learning_rate":0.01,"mu":0,"sigma":1,"every":10,"seed":1}"#
                ]),
            Route(
                method: .post, path: "/elbo-gradient",
                bodies: [
                    #"{"log_h":"-z1^2/2","mean":[1],"log_std":[0],"samples":20,"estimators":["log_derivative","reparameterization"],"seed":1}"#,
                    #"{"log_h":"-z1^2/2-exp(z2)","mean":[1,0],"log_std":[0,-1],"samples":20,"seed":1}"#,
                ]),
            Route(
                method: .post, path: "/project",
                bodies: [
                    #"{"point":[3,2],"constraints":[{"fixed":1},{"min":0,"max":1}]}"#,
                    #"{"point":[3,2],"constraints":{"ball":{"center":[0,0],"radius":1}}}"#,
                    #"{"point":[3,2],"constraints":{"simplex":1}}"#,
                    #"{"point":[3,2],"constraints":{"half_space":{"normal":[1,1],"offset":1}}}"#,
                ]),
            Route(
                method: .post, path: "/maximize",
                bodies: [
                    #"{"f":"-(x-2)^2-y^2","variables":["x","y"],"start":[0,0],"constraints":{"ball":{"center":[0,0],"radius":1}},"step_size":"auto","iterations":30,"tolerance":0.001}"#,
                    #"{"f":"x*y-x^4","variables":["x","y"],"start":[0.5,0.5],"constraints":[{"fixed":1},{"min":0,"max":1}],"step_size":0.1,"iterations":10}"#,
                    #"{"f":"-x^2","variables":["x"],"start":[0.5],"constraints":{"simplex":1}}"#,
                    #"{"f":"-x^2-y^2","variables":["x","y"],"start":[0,0],"constraints":{"half_space":{"normal":[1,1],"offset":1}}}"#,
                ]),
            Route(
                method: .post, path: "/invertible-convolution",
                bodies: [
                    #"{"permutation":[1,0],"lower":[[1,0],[0.5,1]],"upper":[[0,3],[0,0]],"scale":[2,-1],"input":[[[1,2]],[[3,4]]],"inverse":false}"#,
                    #"{"input":[[[1,2]],[[3,4]]],"conditioner":{"seed":1,"hidden":[3],"shift":true,"activation":"tanh","per_position":true},"inverse":true}"#,
                    #"{"input":[[[1]],[[3]]],"conditioner":{"layers":[{"weight":[[0.5]],"bias":[0.1]}]}}"#,
                ]),
            Route(
                method: .post, path: "/inpaint", query: options + models + picture + boxes,
                bodies: [
                    image(hole: nil), flat,
                ]),
            Route(
                method: .post, path: "/inpaint", query: picture + models,
                bodies: [
                    "{\"image\":\(image(hole: 3)),\"missing\":{\"rows\":[0,1],\"columns\":[1,3]},\"iterations\":9,\"initial\":\"noise\",\"seed\":3,\"trace_every\":3,\"truth\":\(flat)}",
                    "{\"image\":\(image(hole: 3)),\"mask\":\(mask),\"model\":\"hole\",\"samples\":20,\"seed\":3,\"trace_every\":3}",
                    "{\"image\":\(image(hole: 2)),\"mask\":\(mask),\"method\":\"noisy_gradient\",\"step_size\":\"auto\",\"iterations\":5,\"tolerance\":0.5}",
                ]),
            Route(
                method: .post, path: "/inpaint", query: [("model", ["photographs"])] + boxes,
                bodies: [
                    "{\"image\":[[0.1,null,0.3],[0.4,0.5,0.6]],\"mask\":[[1,0,1],[1,1,0]],\"iterations\":3,\"seed\":1,\"model\":\"photographs\"}",
                    "{\"image\":[[[0.1,0.2,0.3],null],[[0,0,0],[1,1,1]]],\"trace_every\":2,\"truth\":[[[0.1,0.2,0.3],[0,0,0]],[[0,0,0],[1,1,1]]]}",
                    "[[0.5,null,0.25,0.125],[0.5,0.5,0.5,null]]",
                ]),
            Route(
                method: .post, path: "/likelihood", query: models + boxes,
                bodies: [
                    "{\"image\":\(image(hole: nil))}", flat,
                    "{\"image\":\(flat),\"mask\":\(mask),\"model\":\"hole\"}",
                    "{\"image\":\(image(hole: 3)),\"missing\":[{\"rows\":[0,1],\"columns\":[1,3]}],\"truth\":\(flat),\"model\":\"hole\"}",
                ]),
            Route(
                method: .post, path: "/encode", query: models,
                bodies: ["{\"image\":\(flat)}", image(hole: nil), "{\"image\":\(flat),\"model\":\"flow\"}"]),
            Route(
                method: .post, path: "/decode", query: models,
                bodies: [
                    "{\"latent\":\(flat),\"clamp\":true}", image(hole: nil), "{\"latent\":\(flat),\"model\":\"flow\"}",
                ]),
            Route(
                method: .get, path: "/sample",
                query: [
                    ("n", ["1", "2", "5"]), ("seed", ["1"]), ("temperature", ["1", "0.5"]), ("scale", ["2"]),
                ] + models),
            Route(method: .get, path: "/model", query: models), Route(method: .get, path: "/models"),
            Route(method: .get, path: "/"),
            Route(method: .get, path: "/health/live"), Route(method: .get, path: "/metrics"),
            Route(method: .get, path: "/nothing/here"),
        ]
        self.picture = try PNG.encode(
            GrayscaleImage(
                size: PNG.Size(width: side, height: side),
                samples: (0..<side * side).map { Double($0 % 256) / 255 },
                known: (0..<side * side).map { $0 % 7 != 3 }))
    }

    /// The targets that answer the shards of one run.
    package static let shards = (0...1).map { "/ruin?n=20&k=10&seed=1&start=2&goal=4&shard=\($0)/2" }
    /// The same of a limit state's.
    package static let parts = (0...1).map {
        "/probability?g=3-x1*x2&x1=normal:0:1&x2=normal:0:1&method=importance&n=20&max_evaluations=2000&seed=1&shard=\($0)/2"
    }

    /// - Parameter answer: the body that a target is answered with.
    package init(seed: UInt64, side: Int, answer: (String) async throws -> String) async throws {
        var shards: [String] = [], parts: [String] = []
        for target in Self.shards { shards.append(try await answer(target)) }
        for target in Self.parts { parts.append(try await answer(target)) }
        try self.init(seed: seed, side: side, shards: shards, parts: parts)
    }

    private static let gradients: [(name: String, values: [String])] = [
        ("f", ["x*sin(x)", "x^2"]), ("r", ["mu^2", "(mu-1)^2/2+sigma-log(sigma)"]),
        ("estimators", ["log_derivative", "reparameterization,measure_valued", "log_derivative_baseline"]),
        ("iterations", ["5", "20"]), ("batch", ["2", "5"]), ("learning_rate", ["0.01"]), ("mu", ["0", "1"]),
        ("sigma", ["1", "0.5"]), ("every", ["1", "10"]), ("seed", ["1"]),
    ]

    private static let probability: [(name: String, values: [String])] = [
        ("g", ["3-x1*x2", "x1+x2", "min(x1,x2)"]), ("threshold", ["0", "1"]), ("event", ["below", "above"]),
        ("x1", ["normal:0:1", "uniform:0:1", "lognormal:1:1"]), ("x2", ["normal:0:1", "exponential:1/2"]),
        ("correlation", ["1,0.5,0.5,1"]), ("method", ["auto", "form", "importance", "naive", "subset"]),
        ("relative_error", ["0.5"]), ("n", ["100", "1"]), ("max_evaluations", ["500", "2000"]),
        ("confidence", ["0.95"]),
        ("seed", ["1"]), ("shard", ["0/1", "1/2"]),
    ]

    private static let accepts = [
        "*/*", "application/json", "application/x-ndjson", "image/png", "text/csv", "image/svg+xml",
        "text/html", "text/plain", "", "*/*;q=0", "image/*", "text/html, */*;q=0.1", "application/json;q=nan",
        ";;;,,,", "image/png;q=0.5, application/json;q=0.4",
    ]

    private static let contentTypes = [
        "application/json", "application/x-ndjson", "image/png", "text/json", "application/x-www-form-urlencoded",
        "application/json; charset=utf-16", "", "*/*",
    ]

    package subscript(index: Int) -> SweepRequest {
        var generator = PhiloxGenerator(Philox(seed: seed, stream: UInt64(index)))
        let route = routes[Int.random(in: 0..<routes.count, using: &generator)]
        var request = SweepRequest(method: route.method, target: route.path)
        request.target += query(of: route, &generator)
        if let body = route.bodies.randomElement(using: &generator) {
            request.contentType = "application/json"
            fill(&request, body, &generator)
        }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            request.accept = Self.accepts.randomElement(using: &generator)
        }
        if Int.random(in: 0..<30, using: &generator) == 0 {
            request.contentType = Self.contentTypes.randomElement(using: &generator)
        }
        if !request.body.isEmpty, Int.random(in: 0..<20, using: &generator) == 0 {
            request.contentEncoding = ["gzip", "x-gzip", "deflate", "identity", "br", ""].randomElement(
                using: &generator)
            if request.contentEncoding != "br", let coded = Gzip.member(of: request.body) {
                request.body = damaged(coded, &generator)
            }
        }
        if Int.random(in: 0..<50, using: &generator) == 0 {
            request.method = [.get, .head, .post, .put, .delete, .options].randomElement(using: &generator) ?? .get
        }
        return request
    }

    private func query(of route: Route, _ generator: inout PhiloxGenerator) -> String {
        var pairs: [(name: String, value: String)] = []
        for (name, values) in route.query where Int.random(in: 0..<3, using: &generator) > 0 {
            // Some parameters exclude others: these come seldom.
            let isSeldom = ["outcomes", "relative_error", "shard", "scale", "strip", "model"].contains(name)
            if isSeldom && Int.random(in: 0..<4, using: &generator) > 0 { continue }
            var value = values.randomElement(using: &generator) ?? ""
            if Int.random(in: 0..<6, using: &generator) == 0 {
                value =
                    Int.random(in: 0..<4, using: &generator) > 0
                    ? SweepValues.number(for: name, &generator)
                    : SweepValues.texts.randomElement(using: &generator) ?? ""
            }
            pairs.append((name, value))
        }
        if Int.random(in: 0..<10, using: &generator) == 0 {
            pairs.append(("deadline", SweepValues.number(for: "deadline", &generator)))
        }
        if Int.random(in: 0..<40, using: &generator) == 0 {
            pairs.append((SweepValues.texts.randomElement(using: &generator) ?? "", "1"))
        }
        if Int.random(in: 0..<60, using: &generator) == 0, let first = pairs.first { pairs.append(first) }
        return pairs.isEmpty
            ? ""
            : "?"
                + pairs.map {
                    Self.escaped($0.name) + "=" + Self.escaped($0.value)
                }.joined(separator: "&")
    }

    private func fill(_ request: inout SweepRequest, _ body: String, _ generator: inout PhiloxGenerator) {
        switch Int.random(in: 0..<40, using: &generator) {
        case 0 where request.target.hasPrefix("/inpaint"), 1 where !request.target.hasPrefix("/ruin"):
            request.contentType = "image/png"
            request.body = damaged(picture, &generator)
        case 4...6 where ["/inpaint", "/likelihood", "/encode"].contains(where: request.target.hasPrefix):
            request.contentType = "multipart/form-data; boundary=b"
            request.body = form(body, &generator)
        case 2: request.body = damaged(Array(body.utf8), &generator)
        case 3 where request.target.hasPrefix("/inpaint"):
            request.contentType = "application/x-ndjson"
            let lines = (0..<3).map { _ in mutated(body, &generator) }
            request.body = Array(lines.joined(separator: "\n").utf8)
        default: request.body = Array(mutated(body, &generator).utf8)
        }
    }

    /// Parts that are good, with what is wrong here and there.
    private func form(_ body: String, _ generator: inout PhiloxGenerator) -> [UInt8] {
        var parts: [(name: String, bytes: [UInt8])] = [("image", damaged(picture, &generator))]
        if Int.random(in: 0..<4, using: &generator) == 0 { parts[0].bytes = Array(mutated(body, &generator).utf8) }
        if Bool.random(using: &generator) { parts.append(("mask", damaged(picture, &generator))) }
        if Bool.random(using: &generator) {
            parts.append(("iterations", Array(SweepValues.number(for: "iterations", &generator).utf8)))
        }
        if Int.random(in: 0..<5, using: &generator) == 0 {
            parts.append((SweepValues.texts.randomElement(using: &generator) ?? "", [0x31]))
        }
        var bytes: [UInt8] = []
        for part in parts {
            bytes += Array("--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\r\n\r\n".utf8)
            bytes += part.bytes + [0x0D, 0x0A]
        }
        return damaged(bytes + Array("--b--".utf8), &generator)
    }

    private func mutated(_ body: String, _ generator: inout PhiloxGenerator) -> String {
        guard var tree = try? SweepTree(body) else { return body }
        for _ in 0..<Int.random(in: 0..<4, using: &generator) { tree.mutate(using: &generator) }
        return tree.text
    }

    private func damaged(_ bytes: [UInt8], _ generator: inout PhiloxGenerator) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
        case 1: bytes = [0xEF, 0xBB, 0xBF] + bytes
        case 2 where !bytes.isEmpty:
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        case 3: bytes = Array(repeating: UInt8(ascii: "["), count: 3000) + bytes
        default: break
        }
        return bytes
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte & ~0x20 | 0x20) && byte < 0x80
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain || byte == 0x2E || byte == 0x5F
                ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
