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
            .inpaint(shape),
            bodyLimit: { head in
                // A stream of requests is read as it is worked off, so it may be long.
                head[.contentType].flatMap(MediaType.init(contentType:)) == .ndjson
                    ? configuration.maximumStreamBytes : nil
            },
            action: respond)
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        switch try call.bodyType(among: [.json, .ndjson, .png]) {
        case .ndjson:
            _ = try call.responseType(among: [.ndjson])
            return try InpaintingLines(controller: self, query: call.queryFields()).response(to: call)
        case let type:
            let accepted = try call.responseType(among: [.json, .ndjson, .png])
            let (request, picture) = try await read(call, type, accepted)
            return try await answer(request, as: accepted, picture, call)
        }
    }

    private func read(
        _ call: Call, _ type: MediaType, _ accepted: MediaType
    ) async throws -> (InpaintingRequest, PictureOptions) {
        var query = try call.queryFields()
        let picture = try PictureOptions(from: &query, isWanted: accepted == .png)
        if type == .png {
            let image = try PNGInput(shape: shape).read(try await call.request.body.collect())
            return (try InpaintingRequest(png: image, fields: &query, shape: shape), picture)
        }
        let json = try await call.jsonBody()
        if json.isArray {
            return (try InpaintingRequest(array: json, fields: &query, shape: shape), picture)
        }
        return (try InpaintingRequest(object: json, query: query, shape: shape), picture)
    }

    private func answer(
        _ request: InpaintingRequest, as type: MediaType, _ picture: PictureOptions, _ call: Call
    ) async throws -> Response {
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
        let start: [Float]
        switch request.initial {
        case .given: start = request.image.map { Float($0 ?? 0) }
        case .value(let value): start = Array(repeating: Float(value), count: shape.count)
        case .mean: start = try await compute.meanImage(in: context)
        case .noise:
            start = UniformDistribution.standard
                .draws(shape.count, from: Philox(seed: seed, stream: 1)).map { Float($0) }
        }
        return InpaintingFilling(
            request: request, seed: seed, start: start, context: context,
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
        return InpaintingOutcome(filling: filling, run: run)
    }
}
