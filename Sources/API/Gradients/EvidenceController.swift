import Compute
import GradientEstimation
import HTTP
import HTTPTypes

/// `POST /elbo-gradient`: the gradient of the evidence lower bound by several estimators.
struct EvidenceController: Sendable {
    let compute: Compute
    let configuration: APIConfiguration

    var endpoint: Endpoint {
        Endpoint(
            .post, "/elbo-gradient",
            example: Example("/elbo-gradient", .json(#"{"log_h": "-z1^2/2", "mean": [1], "log_std": [0]}"#)),
            action: respond)
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        var fields = try Fields(try await call.jsonExchange())
        let specification = try await read(&fields)
        let report = try await fields.blaming {
            try await reportingPartial {
                try await compute.estimateEvidence(specification, in: call.context())
            } partial: { (samplesDrawn: Int) in
                .object([("samples", .integer(samplesDrawn))])
            }
        }
        return .json(report.value.json(of: specification), timing: report.timing)
    }

    private func read(_ fields: inout Fields) async throws -> EvidenceSpecification {
        guard let mean = try fields.numbers("mean") else {
            throw Problem.invalid("“mean” is missing: a list of d numbers.", fields.culprit("mean"))
        }
        guard let logStd = try fields.numbers("log_std") else {
            throw Problem.invalid("“log_std” is missing: a list of d numbers.", fields.culprit("log_std"))
        }
        let limits = EvidenceSpecification.Limits()
        guard (1...limits.dimension).contains(mean.count) else {
            throw Problem.invalid(
                "“mean” must have 1 to \(limits.dimension) coordinates, not \(mean.count).",
                fields.culprit("mean"))
        }
        let logH = try fields.expression(
            "log_h", of: EvidenceSpecification.variables(dimension: mean.count))
        let samples = try fields.integer("samples", in: 1...Int.max) ?? 10_000
        let estimators =
            try fields.choices("estimators", of: EvidenceEstimatorKind.self)
            ?? EvidenceEstimatorKind.allCases
        let seed = try fields.seed() ?? .random(in: 0...(1 << 53 - 1))
        try fields.finish()
        let draws = mean.count * max(estimators.count, 1)
        guard samples <= configuration.maximumDraws / draws else {
            throw Problem.invalid(
                "samples × dimension × estimators is at most \(configuration.maximumDraws) here "
                    + "(gradients.max_draws), not \(samples) × \(mean.count) × \(estimators.count).",
                fields.culprit("samples"))
        }
        return try await fields.blaming {
            var limits = limits
            limits.work = .max
            return try EvidenceSpecification(
                logH: logH, mean: mean, logStd: logStd, samples: samples, estimators: estimators,
                seed: seed, limits: limits)
        }
    }
}
