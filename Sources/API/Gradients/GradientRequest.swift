import GradientEstimation

/// A checked request for gradient descent, from a query or from a JSON object.
struct GradientRequest: Sendable {
    let specification: GradientSpecification
    /// Whether the client named the seed.
    let isSeeded: Bool
    /// What blames the request's fields for what the work finds.
    let fields: Fields

    /// Reads every field, and refuses others.
    ///
    init(_ fields: inout Fields, _ declared: GradientFields) async throws {
        let f = try fields.read(declared.f), r = try fields.read(declared.r)
        let estimators = try fields.read(declared.estimators)
        let iterations = try fields.read(declared.iterations), batch = try fields.read(declared.batch)
        let learningRate = try fields.read(declared.learningRate)
        // −0 would be written as 0 in the URL that reproduces the run.
        let mu = 0 + (try fields.read(declared.mu))
        let sigma = try fields.read(declared.sigma)
        let every = try fields.read(declared.every)
        let seed = try fields.read(declared.seed)
        try fields.finish()
        isSeeded = seed != nil
        try Self.check(
            iterations: iterations, batch: batch, estimators: estimators.count,
            maximumDraws: declared.maximumDraws, fields)
        var limits = GradientSpecification.Limits()
        limits.work = .max
        limits.tracePoints = 200_000
        // One iteration is not interrupted: this is some milliseconds.
        limits.iterationWork = 10_000_000
        specification = try await fields.blaming {
            try GradientSpecification(
                f: f, r: r, estimators: estimators, iterations: iterations, batch: batch,
                learningRate: learningRate, mu: mu, sigma: sigma, every: every,
                seed: seed ?? .random(in: 0...(1 << 53 - 1)), limits: limits)
        }
        self.fields = fields
    }

    private static func check(
        iterations: Int, batch: Int, estimators: Int, maximumDraws: Int, _ fields: Fields
    ) throws {
        let (draws, overflow) = iterations.multipliedReportingOverflow(by: batch)
        if !overflow && draws <= maximumDraws / max(estimators, 1) { return }
        throw Problem.invalid(
            "iterations × batch × estimators is at most \(maximumDraws) here (gradients.max_draws), "
                + "not \(iterations) × \(batch) × \(estimators).",
            fields.culprit(iterations > batch ? "iterations" : "batch"))
    }

    /// What the traces take while the reply is being taken: seven numbers a point.
    var traceBytes: Int {
        (specification.iterations / specification.every + 2) * specification.estimators.count * 7
            * MemoryLayout<Double>.size
    }

    /// The relative URL that repeats the run, every parameter written out.
    var url: String {
        "/gradients?f=\(QueryText.escaped(specification.f.source))&r=\(QueryText.escaped(specification.r.source))"
            + "&estimators=\(specification.estimators.map(\.rawValue).joined(separator: ","))"
            + "&iterations=\(specification.iterations)&batch=\(specification.batch)"
            + "&learning_rate=\(JSONText.number(specification.learningRate))"
            + "&mu=\(JSONText.number(specification.start.mu))&sigma=\(JSONText.number(specification.start.sigma))"
            + "&every=\(specification.every)&seed=\(specification.seed)"
    }
}
