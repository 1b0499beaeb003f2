import Compute
import HTTP
import NormalizingFlows

// `posterior`: draws rather than an ascent.
extension InpaintingController {
    func answerDraws(
        _ request: InpaintingRequest, as type: MediaType, _ picture: PictureOptions, _ call: Call
    ) async throws -> Response {
        let filling = try await prepareDraws(request, in: call.context(streaming: type == .ndjson))
        switch type {
        case .ndjson:
            return .progress(call) {
                filling.progressLine($0)
            } _: { progress in
                let outcome = try await draw(filling, progress: progress)
                return (outcome.json, outcome.run.timing)
            }
        case .png:
            let outcome = try await draw(filling)
            return try .bytes(picture.encode(outcome, shape: request.shape), .png, timing: outcome.run.timing)
        default:
            let outcome = try await draw(filling)
            return .json(outcome.json, timing: outcome.run.timing)
        }
    }

    /// Chooses the seed. The chains' starts are their own.
    func prepareDraws(_ request: InpaintingRequest, in context: WorkContext) async throws -> InpaintingFilling {
        let model = request.chosen.served.posteriorModel
        return InpaintingFilling(
            request: request, seed: request.seed ?? .random(in: 0...(1 << 53 - 1)), initial: .conditionalMean,
            start: [],
            deviations: nil, curvature: nil, timing: .none, context: context, model: model,
            digest: try await compute.digest(of: model, in: context))
    }

    func draw(
        _ filling: InpaintingFilling, progress: ProgressChannel<PosteriorRun>? = nil
    ) async throws -> PosteriorOutcome {
        let gaussian = try await compute.posteriorGaussian(
            known: filling.request.known, by: filling.model, in: filling.context)
        let noise = filling.model.trainingNoise
        let run = try await reportingPartial {
            try await compute.draw(
                filling.makePosteriorRun(gaussian.value, noise: noise), by: filling.model, in: filling.context,
                progress: progress)
        } partial: { (run: PosteriorRun) in
            filling.partial(run)
        }
        return PosteriorOutcome(
            filling: filling, run: Timed(value: run.value, timing: gaussian.timing + run.timing))
    }
}
