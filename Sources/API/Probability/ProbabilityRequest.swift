import Expressions
import RareEvents
import Statistics

/// A checked request for the probability of a rare event, from a query or from a JSON object.
struct ProbabilityRequest: Sendable {
    let g: Expression
    let variables: RandomVariables
    let inputs: RandomInputs
    let correlation: [[Double]]?
    let threshold: Double
    let event: LimitStateProblem.Event
    private(set) var specification: LimitStateSpecification
    /// The part of the run that was asked for, if one was: then the answer says what a merge needs.
    var shard: Shard? { specification.shard }
    /// Whether the client named the seed.
    let isSeeded: Bool
    /// What blames the request's fields for what the work finds.
    let fields: Fields

    private static let limits = Expression.Limits(length: ProbabilityFields.longest, depth: 100)

    /// Where a request is written.
    enum Form {
        /// In a URL, where each variable is a parameter of its own.
        case query
        case body
        /// In the answer to a shard of it, whose “method” is the one that was taken and whose “variables” are names.
        case answer

        fileprivate var method: String { self == .answer ? "method_asked" : "method" }
        fileprivate var variables: String { self == .answer ? "distributions" : "variables" }
    }

    init(_ fields: inout Fields, _ declared: ProbabilityFields, _ form: Form) async throws {
        // −0 would be written as 0 in the URL that reproduces the run.
        threshold = 0 + (try fields.read(declared.threshold))
        event = try fields.read(declared.event)
        let method: LimitStateSpecification.Method =
            try form == .answer ? fields.choice(form.method) ?? .auto : fields.read(declared.method)
        // An answer's “relative_error” is what was reached.
        let relativeError = form == .answer ? nil : try fields.read(declared.relativeError)
        let n = try fields.read(declared.n)
        let maximumEvaluations = try fields.read(declared.maximumEvaluations)
        let confidence = try fields.read(declared.confidence), seed = try fields.read(declared.seed)
        let shard = try fields.read(declared.shard)
        if relativeError != nil && n != nil {
            throw Problem.invalid(
                "“relative_error” takes the place of “n”: give only one of them.", fields.culprit("relative_error"))
        }
        if shard != nil && relativeError != nil {
            throw Problem.invalid(
                "A run with “relative_error” cannot be split into shards: give “n”.", fields.culprit("relative_error"))
        }
        if shard != nil && seed == nil {
            throw Problem.invalid("“shard” requires “seed”.", fields.culprit("seed"))
        }
        guard fields.take(declared.g.name) != nil else {
            throw fields.missing(declared.g.name, "an expression in the variables, such as 3-x1*x2")
        }
        let rows = try Self.rows(&fields, declared.correlation.name)
        switch form {
        case .query:
            variables = try RandomVariables(query: fields.takeRest(), known: declared.query.map(\.name))
        case .body:
            variables = try RandomVariables(&fields)
            try fields.finish()
        case .answer: variables = try RandomVariables(&fields, field: form.variables)
        }
        g = try fields.expression(declared.g.name, of: variables.names, limits: Self.limits)
        try variables.requireUse(in: g)
        let (names, distributions) = (variables.names, variables.distributions)
        let matrix = try rows.map { try Self.square($0, names.count, fields, declared.correlation.name) }
        correlation = matrix
        isSeeded = seed != nil
        inputs = try await fields.blaming {
            try RandomInputs(
                zip(names, distributions).map { (name: $0, distribution: $1) }, correlation: matrix)
        }
        specification = try await fields.blaming {
            try LimitStateSpecification(
                method: method, extent: n.map { .draws(UInt64($0)) } ?? .relativeError(relativeError ?? 0.05),
                maximumEvaluations: UInt64(maximumEvaluations), confidence: confidence,
                seed: seed ?? .random(in: 0...(1 << 53 - 1)), shard: shard)
        }
        self.fields = fields
    }

    private static func rows(_ fields: inout Fields, _ name: String) throws -> [[Double]]? {
        switch fields.take(name) {
        case nil: return nil
        case .text(let text):
            return [
                try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                    guard let value = NumberText.double(String(part.trimmed)) else {
                        throw Problem.malformed(
                            "“correlation” must be the matrix row by row, numbers with commas between them, not "
                                + "\(text.quoted).", fields.culprit(name))
                    }
                    return value
                }
            ]
        case .json(let json):
            guard case .pointer(let pointer) = fields.culprit(name) else { return nil }
            return try json.numberRows(at: pointer, atMost: RandomVariables.most)
        }
    }

    /// A flat list as rows.
    private static func square(
        _ rows: [[Double]], _ count: Int, _ fields: Fields, _ name: String
    ) throws -> [[Double]] {
        guard fields.isInQuery(name), let flat = rows.first else { return rows }
        guard flat.count == count * count else {
            throw Problem.invalid(
                "“correlation” must be a square matrix of size \(count), row by row: a list of length \(count * count), not "
                    + "\(flat.count).", fields.culprit(name))
        }
        return (0..<count).map { Array(flat[$0 * count..<($0 + 1) * count]) }
    }

    /// The run that this is a shard of.
    var whole: ProbabilityRequest {
        var whole = self
        whole.specification = specification.whole
        return whole
    }

    /// One of its shards.
    func part(_ shard: Shard) -> ProbabilityRequest {
        var part = self
        part.specification = specification.part(shard)
        return part
    }

    /// What repeats the run: a URL, or what to add to the body.
    func reproduce(isQuery: Bool) -> JSON {
        isQuery ? .string(url) : .object([("seed", .integer(Int(clamping: specification.seed)))])
    }

    /// The relative URL that repeats the run, every parameter written out.
    var url: String {
        var parameters = [
            "g=\(QueryText.escaped(g.source))", "threshold=\(JSONText.number(threshold))", "event=\(event.rawValue)",
        ]
        parameters += variables.parameters.map { "\(QueryText.escaped($0.name))=\(QueryText.escaped($0.value))" }
        if let correlation {
            parameters.append("correlation=" + correlation.joined().map(JSONText.number).joined(separator: ","))
        }
        parameters.append("method=\(specification.method.rawValue)")
        switch specification.extent {
        case .relativeError(let target): parameters.append("relative_error=\(JSONText.number(target))")
        case .draws(let n): parameters.append("n=\(n)")
        }
        parameters += [
            "max_evaluations=\(specification.maximumEvaluations)",
            "confidence=\(JSONText.number(specification.confidence))", "seed=\(specification.seed)",
        ]
        if let shard { parameters.append("shard=\(shard.index)/\(shard.count)") }
        return "/probability?" + parameters.joined(separator: "&")
    }
}
