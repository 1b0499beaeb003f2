import Compute
import GradientEstimation
import HTTP
import HTTPTypes

/// `POST /elbo-gradient`: the gradient of the evidence lower bound by several estimators.
struct EvidenceController: Sendable {
    let compute: Compute
    private let declared: EvidenceFields

    init(compute: Compute, configuration: APIConfiguration) {
        self.compute = compute
        declared = EvidenceFields(maximumDraws: configuration.maximumDraws)
    }

    var endpoint: Endpoint { Endpoint(.evidence(declared), action: respond) }

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
        let mean = try fields.read(declared.mean), logStd = try fields.read(declared.logStd)
        let limits = EvidenceSpecification.Limits()
        guard (1...limits.dimension).contains(mean.count) else {
            throw Problem.invalid(
                "“mean” must have 1 to \(limits.dimension) coordinates, not \(mean.count).",
                fields.culprit("mean"))
        }
        let logH = try fields.expression(
            declared.logH.name, of: EvidenceSpecification.variables(dimension: mean.count))
        let samples = try fields.read(declared.samples)
        let estimators = try fields.read(declared.estimators)
        let seed = try fields.read(declared.seed) ?? .random(in: 0...(1 << 53 - 1))
        try fields.finish()
        let draws = mean.count * max(estimators.count, 1)
        guard samples <= declared.maximumDraws / draws else {
            throw Problem.invalid(
                "samples × dimension × estimators is at most \(declared.maximumDraws) here "
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
