import Compute
import HTTP

extension ModelController {
    @Sendable func likelihood(_ call: Call) async throws -> Response {
        if call.statedType == .ndjson {
            let query = try LikelihoodRequest.query(of: call, models)
            _ = try call.responseType(among: [.ndjson])
            return RequestLines(capacity: compute.configuration.batch) { json, context in
                try await judge(LikelihoodRequest(json: json, query: query, models: models), context)
            }.response(to: call)
        }
        let result = try await judge(try await LikelihoodRequest(call, models: models), call.context())
        return .json(result.value, timing: result.timing)
    }

    private func judge(_ request: LikelihoodRequest, _ context: WorkContext) async throws -> Timed<JSON> {
        let chosen = request.chosen
        let result = try await compute.likelihood(
            of: request.image, missing: request.missing, by: chosen.model, in: context)
        let value = result.value
        guard value.logLikelihood.isFinite else {
            throw Problem.invalid(
                "The log-likelihood of this image is not finite: its values exceed what the model computes with.",
                .pointer(""))
        }
        let dimension = request.missingPixels ?? chosen.shape.count
        var fields: [(name: String, value: JSON)] = [
            ("log_likelihood", .number(value.logLikelihood)),
            ("bits_per_dimension", .number(BitsPerDimension.of(value.logLikelihood, dimension: dimension))),
            ("log_prior", .number(value.logPrior)),
            ("log_det_jacobian", .number(value.logAbsDetJacobian)),
        ]
        if let missing = request.missingPixels { fields.append(("missing_pixels", .integer(missing))) }
        fields += try await chosen.identity(compute, in: context)
        return Timed(value: .object(fields), timing: result.timing)
    }
}
