import Compute
import HTTP
import HTTPTypes
import NormalizingFlows
import Statistics

/// `POST /inpaint`: fills missing pixels.
struct InpaintingController: Sendable {
    let compute: Compute
    let facts: ModelFacts
    let configuration: APIConfiguration

    private var models: ModelChooser { ModelChooser(registry: compute.models) }

    var endpoint: Endpoint {
        Endpoint(
            .inpaint(facts),
            bodyLimit: facts.takesPhotographs ? configuration.photographBodyLimit : configuration.bodyLimit,
            action: respond)
    }

    @Sendable private func respond(to call: Call) async throws -> Response {
        if call.statedType == .ndjson {
            _ = try call.responseType(among: [.ndjson])
            let query = try call.queryFields()
            try models.check(query)
            return lines(query: query).response(to: call)
        }
        let accepted = try call.responseType(among: [.json, .ndjson, .png])
        switch try await read(call, accepted) {
        case .image(let request, let picture): return try await answer(request, as: accepted, picture, call)
        case .photograph(let request, let model):
            return try await photographs.answer(request, by: model, as: accepted, call)
        }
    }

    private var photographs: PhotographController {
        PhotographController(compute: compute, configuration: configuration)
    }

    /// What is to be filled.
    private enum Subject {
        case image(InpaintingRequest, PictureOptions)
        case photograph(PhotographRequest, ChosenModel)
    }

    /// One request object a line; the query's options hold for every line that does not say otherwise.
    private func lines(query: Fields) -> RequestLines {
        RequestLines(capacity: compute.configuration.batch) { json, context in
            let request = try InpaintingRequest(object: json, query: query, models: models)
            if request.chosen.isConditional {
                let outcome = try await drawAtOnce(try await prepareConditional(request, in: context))
                return Timed(value: outcome.json, timing: outcome.run.timing)
            }
            if request.method == .posterior {
                let outcome = try await draw(try await prepareDraws(request, in: context))
                return Timed(value: outcome.json, timing: outcome.run.timing)
            }
            let outcome = try await run(try await prepare(request, in: context))
            return Timed(value: outcome.json, timing: outcome.run.timing)
        }
    }

    private func read(
        _ call: Call, _ accepted: MediaType
    ) async throws -> Subject {
        if call.statedType == .form {
            var form = try await ImageForm(call, grids: ["image", "mask", "truth"], models: models, patches: true)
            if form.chosen.model.isOfPatches {
                return .photograph(try await photographs.read(form: &form, call), form.chosen)
            }
            let picture = try PictureOptions(from: &form.options, isWanted: accepted == .png)
            return .image(try InpaintingRequest(form: &form), picture)
        }
        var query = try call.queryFields()
        let (type, bytes) = try await call.body(among: [.json, .ndjson, .png, .form])
        if type == .png {
            if try models.isOfPatches(query) {
                let chosen = try models.choose(from: &query, patches: true)
                return .photograph(try await photographs.read(png: bytes, query: &query, call), chosen)
            }
            let picture = try PictureOptions(from: &query, isWanted: accepted == .png)
            return .image(try InpaintingRequest(png: bytes, fields: &query, models: models), picture)
        }
        let json = try await call.json(bytes)
        var fields = json.isArray ? query : try Fields(json, defaults: query)
        if try models.isOfPatches(fields) {
            try models.check(query)
            let chosen = try models.choose(from: &fields, patches: true)
            return .photograph(
                try photographs.read(json: json, fields: &fields, isWhole: json.isArray), chosen)
        }
        let picture = try PictureOptions(from: &query, isWanted: accepted == .png)
        if json.isArray {
            return .image(try InpaintingRequest(array: json, fields: &query, models: models), picture)
        }
        return .image(try InpaintingRequest(object: json, query: query, models: models), picture)
    }

    private func answer(
        _ request: InpaintingRequest, as type: MediaType, _ picture: PictureOptions, _ call: Call
    ) async throws -> Response {
        if request.chosen.isConditional { return try await answerConditional(request, as: type, picture, call) }
        if request.method == .posterior { return try await answerDraws(request, as: type, picture, call) }
        switch type {
        case .ndjson:
            let filling = try await prepare(request, in: call.context(streaming: true))
            return .progress(call) {
                filling.progressLine($0)
            } _: { progress in
                let outcome = try await run(filling, progress: progress)
                return (outcome.json, outcome.run.timing)
            }
        case .png:
            let filling = try await prepare(request, in: call.context())
            let outcome = try await run(filling)
            return try .bytes(
                picture.encode(outcome, shape: request.shape), .png, timing: outcome.run.timing)
        default:
            let filling = try await prepare(request, in: call.context())
            let outcome = try await run(filling)
            return .json(outcome.json, timing: outcome.run.timing)
        }
    }

    /// Chooses the seed and makes the start.
    func prepare(
        _ request: InpaintingRequest, in context: WorkContext
    ) async throws -> InpaintingFilling {
        let seed = request.seed ?? .random(in: 0...(1 << 53 - 1)), model = request.chosen.model
        let initial = request.initial ?? (model.hasConditionalMeans ? .conditionalMean : .mean)
        let start: [Float]
        var timing = Timing.none, deviations: [Float]?
        switch initial {
        case .conditionalMean:
            let mean = try await compute.conditionalMean(
                of: request.image.map { Float($0 ?? 0) }, known: request.known, by: model, in: context)
            (start, deviations, timing) = (mean.value.image, mean.value.deviations, mean.timing)
        case .draw:
            let draw = try await drawOne(for: request, seed: seed, in: context)
            (start, timing) = (draw.value, draw.timing)
        case .given: start = request.image.map { Float($0 ?? 0) }
        case .value(let value): start = Array(repeating: Float(value), count: request.shape.count)
        case .mean: start = try await compute.meanImage(by: model, in: context)
        case .noise:
            start = UniformDistribution.standard
                .draws(request.shape.count, from: Philox(seed: seed, stream: 1)).map { Float($0) }
        }
        var curvature: [Float]?
        if case (.noisyGradient, .auto) = (request.method, request.stepSize) {
            let made = try await compute.curvature(by: model, in: context)
            (curvature, timing) = (made.value, timing + made.timing)
        }
        return InpaintingFilling(
            request: request, seed: seed, initial: initial, start: start, deviations: deviations, curvature: curvature,
            timing: timing, context: context, model: model, digest: try await compute.digest(of: model, in: context))
    }

    func run(
        _ filling: InpaintingFilling, progress: ProgressChannel<InpaintingRun>? = nil
    ) async throws -> InpaintingOutcome {
        let run = try await reportingPartial {
            try await compute.inpaint(
                filling.makeRun(), by: filling.model, in: filling.context, progress: progress)
        } partial: { (run: InpaintingRun) in
            filling.partial(run)
        }
        return InpaintingOutcome(
            filling: filling, run: Timed(value: run.value, timing: filling.timing + run.timing))
    }
}
