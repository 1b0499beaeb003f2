import Compute
import HTTP
import HTTPTypes
import NormalizingFlows
import Statistics

/// `POST /inpaint`: fills missing pixels.
struct InpaintingController: Sendable {
    let compute: Compute
    let shape: ImageShape
    let configuration: APIConfiguration

    var endpoint: Endpoint {
        Endpoint(
            .inpaint(shape), bodyLimit: configuration.bodyLimit,
            action: respond)
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        if call.statedType == .ndjson {
            _ = try call.responseType(among: [.ndjson])
            return try lines(query: call.queryFields()).response(to: call)
        }
        let accepted = try call.responseType(among: [.json, .ndjson, .png])
        let (request, picture) = try await read(call, accepted)
        return try await answer(request, as: accepted, picture, call)
    }

    /// One request object a line; the query's options hold for every line that does not say otherwise.
    private func lines(query: Fields) -> RequestLines {
        RequestLines(capacity: compute.configuration.batch) { json, context in
            let request = try InpaintingRequest(object: json, query: query, shape: shape)
            if request.method == .posterior {
                let outcome = try await draw(try await prepareDraws(request, in: context))
                return Timed(value: outcome.json(shape: shape), timing: outcome.run.timing)
            }
            let outcome = try await run(try await prepare(request, in: context))
            return Timed(value: outcome.json(shape: shape), timing: outcome.run.timing)
        }
    }

    private func read(
        _ call: Call, _ accepted: MediaType
    ) async throws -> (InpaintingRequest, PictureOptions) {
        if call.statedType == .form {
            var form = try await ImageForm(call, grids: ["image", "mask", "truth"], shape: shape)
            let picture = try PictureOptions(from: &form.options, isWanted: accepted == .png)
            return (try InpaintingRequest(form: &form, shape: shape), picture)
        }
        var query = try call.queryFields()
        let picture = try PictureOptions(from: &query, isWanted: accepted == .png)
        let (type, bytes) = try await call.body(among: [.json, .ndjson, .png, .form])
        if type == .png {
            let image = try PNGInput(shape: shape).read(bytes)
            return (try InpaintingRequest(png: image, fields: &query, shape: shape), picture)
        }
        let json = try await call.json(bytes)
        if json.isArray {
            return (try InpaintingRequest(array: json, fields: &query, shape: shape), picture)
        }
        return (try InpaintingRequest(object: json, query: query, shape: shape), picture)
    }

    private func answer(
        _ request: InpaintingRequest, as type: MediaType, _ picture: PictureOptions, _ call: Call
    ) async throws -> Response {
        if request.method == .posterior { return try await answerDraws(request, as: type, picture, call) }
        switch type {
        case .ndjson:
            let filling = try await prepare(request, in: call.context(streaming: true))
            return .progress(call) {
                filling.progressLine($0, shape)
            } _: { progress in
                let outcome = try await run(filling, progress: progress)
                return (outcome.json(shape: shape), outcome.run.timing)
            }
        case .png:
            let filling = try await prepare(request, in: call.context())
            let outcome = try await run(filling)
            return try .bytes(
                picture.encode(outcome, shape: shape), .png, timing: outcome.run.timing)
        default:
            let filling = try await prepare(request, in: call.context())
            let outcome = try await run(filling)
            return .json(outcome.json(shape: shape), timing: outcome.run.timing)
        }
    }

    /// Chooses the seed and makes the start.
    func prepare(
        _ request: InpaintingRequest, in context: WorkContext
    ) async throws -> InpaintingFilling {
        let seed = request.seed ?? .random(in: 0...(1 << 53 - 1))
        let initial = request.initial ?? (compute.hasConditionalMeans ? .conditionalMean : .mean)
        let start: [Float]
        var timing = Timing.none, deviations: [Float]?
        switch initial {
        case .conditionalMean:
            let mean = try await compute.conditionalMean(
                of: request.image.map { Float($0 ?? 0) }, known: request.known, in: context)
            (start, deviations, timing) = (mean.value.image, mean.value.deviations, mean.timing)
        case .given: start = request.image.map { Float($0 ?? 0) }
        case .value(let value): start = Array(repeating: Float(value), count: shape.count)
        case .mean: start = try await compute.meanImage(in: context)
        case .noise:
            start = UniformDistribution.standard
                .draws(shape.count, from: Philox(seed: seed, stream: 1)).map { Float($0) }
        }
        var curvature: [Float]?
        if case (.noisyGradient, .auto) = (request.method, request.stepSize) {
            let made = try await compute.curvature(in: context)
            (curvature, timing) = (made.value, timing + made.timing)
        }
        return InpaintingFilling(
            request: request, seed: seed, initial: initial, start: start, deviations: deviations, curvature: curvature,
            timing: timing, context: context,
            modelName: compute.model.name, modelDigest: try await compute.modelDigest())
    }

    func run(
        _ filling: InpaintingFilling, progress: ProgressChannel<InpaintingRun>? = nil
    ) async throws -> InpaintingOutcome {
        let run = try await reportingPartial {
            try await compute.inpaint(filling.makeRun(), in: filling.context, progress: progress)
        } partial: { (run: InpaintingRun) in
            filling.partial(run, shape)
        }
        return InpaintingOutcome(
            filling: filling, run: Timed(value: run.value, timing: filling.timing + run.timing))
    }
}
