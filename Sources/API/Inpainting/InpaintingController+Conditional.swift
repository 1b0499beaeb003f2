import Compute
import HTTP
import NormalizingFlows

// Models of missing pixels given the known ones: draws in one pass, without chains.
extension InpaintingController {
    func answerConditional(
        _ request: InpaintingRequest, as type: MediaType, _ picture: PictureOptions, _ call: Call
    ) async throws -> Response {
        let filling = try await prepareConditional(request, in: call.context(streaming: type == .ndjson))
        switch type {
        case .ndjson:
            return .progress(call) {
                filling.progressLine($0)
            } _: { progress in
                let outcome = try await drawAtOnce(filling, progress: progress)
                return (outcome.json, outcome.run.timing)
            }
        case .png:
            let outcome = try await drawAtOnce(filling)
            return try .bytes(picture.encode(outcome, shape: request.shape), .png, timing: outcome.run.timing)
        default:
            let outcome = try await drawAtOnce(filling)
            return .json(outcome.json, timing: outcome.run.timing)
        }
    }

    /// Chooses the seed. There is no start.
    func prepareConditional(_ request: InpaintingRequest, in context: WorkContext) async throws -> InpaintingFilling {
        let model = request.chosen.model
        return InpaintingFilling(
            request: request, seed: request.seed ?? .random(in: 0...(1 << 53 - 1)), initial: .draw, start: [],
            deviations: nil, curvature: nil, timing: .none, context: context, model: model,
            digest: try await compute.digest(of: model, in: context))
    }

    func drawAtOnce(
        _ filling: InpaintingFilling, progress: ProgressChannel<ConditionalDrawRun>? = nil
    ) async throws -> ConditionalOutcome {
        let request = filling.request
        let run = try await reportingPartial {
            try await compute.drawMissing(
                of: request.image.map { Float($0 ?? 0) }, known: request.known, samples: request.samples,
                by: filling.model, in: filling.context, seed: filling.seed, reportEvery: request.traceEvery,
                progress: progress)
        } partial: { (run: ConditionalDrawRun) in
            filling.partial(run)
        }
        return ConditionalOutcome(filling: filling, run: run)
    }

    /// The first draw of the first conditional model of images of the same size: a start in one of the places where the
    /// missing pixels are likely.
    ///
    /// - Throws: `Problem` 422 where no such model is loaded.
    func drawOne(
        for request: InpaintingRequest, seed: UInt64, in context: WorkContext
    ) async throws -> Timed<[Float]> {
        guard let served = compute.conditionalModel(dimension: request.shape.count) else {
            throw Problem.invalid(
                "“initial”: “draw” takes a model of missing pixels given the known ones, and none of \(request.shape.count) "
                    + "pixels is loaded here.", request.initialCulprit)
        }
        let run = try await compute.drawMissing(
            of: request.image.map { Float($0 ?? 0) }, known: request.known, samples: 1, by: served.model, in: context,
            seed: seed)
        return Timed(value: run.value.draw(0), timing: run.timing)
    }
}
