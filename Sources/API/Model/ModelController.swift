import Compute
import HTTP
import HTTPTypes
import NormalizingFlows
import Statistics

/// A model itself: what it is, how likely it finds an image, what it draws.
struct ModelController: Sendable {
    let compute: Compute
    let facts: ModelFacts
    let configuration: APIConfiguration

    var models: ModelChooser { ModelChooser(registry: compute.models) }

    var endpoints: [Endpoint] {
        [
            Endpoint(.models, action: list), Endpoint(.model(facts), action: describe),
            Endpoint(.sample(facts), action: sample),
            Endpoint(.likelihood(facts), bodyLimit: configuration.bodyLimit, action: likelihood),
            Endpoint(.encode(facts), bodyLimit: configuration.bodyLimit, action: encode),
            Endpoint(.decode(facts), action: decode),
        ]
    }

    @Sendable private func encode(_ call: Call) async throws -> Response {
        if call.statedType == .ndjson {
            let query = try call.modelQuery()
            _ = try call.responseType(among: [.ndjson])
            try models.check(query)
            return RequestLines(capacity: compute.configuration.batch) { json, context in
                try await encode(WholeImageRequest(json: json, query: query, models: models), context)
            }.response(to: call)
        }
        let result = try await encode(try await WholeImageRequest(call, models: models), call.context())
        return .json(result.value, timing: result.timing)
    }

    private func encode(_ request: WholeImageRequest, _ context: WorkContext) async throws -> Timed<JSON> {
        let chosen = request.chosen, result = try await compute.encode(request.image, by: chosen.model, in: context)
        return Timed(
            value: .object([("latent", .singles(result.value))] + (try await chosen.identity(compute, in: context))),
            timing: result.timing)
    }

    @Sendable private func decode(_ call: Call) async throws -> Response {
        let query = try call.modelQuery()
        try models.check(query)
        _ = try call.bodyType(among: [.json])
        _ = try call.responseType(among: [.json])
        let json = try await call.jsonBody()
        var fields = json.isArray ? query : try Fields(json, defaults: query)
        let chosen = try models.choose(from: &fields), grids = ImageJSON(shape: chosen.shape)
        try chosen.requireWholeImages("it has no latent of a whole image")
        var latent: [Double], clamp = false
        let isBare = json.isArray
        var isFlat = false
        if isBare {
            isFlat = ImageJSON.isFlat(json)
            latent = try grids.numbers(json, "latent", at: "", isImage: false)
            try fields.finish()
        } else {
            guard let value = try fields.json("latent") else {
                throw fields.missing("latent", chosen.shape.description)
            }
            isFlat = ImageJSON.isFlat(value)
            latent = try grids.numbers(value, "latent", at: "/latent", isImage: false)
            clamp = try fields.read(LatentFields.clamp)
            try fields.finish()
        }
        if let index = latent.firstIndex(where: { !LatentFields.range.contains($0) }) {
            throw Problem.invalid(
                "A latent must be between −10⁶ and 10⁶, not \(JSONText.number(latent[index])).",
                .pointer(grids.pointer(to: index, under: isBare ? "" : "/latent", isFlat: isFlat)))
        }
        let result = try await compute.decode(
            latent.map { Float($0) }, by: chosen.model, in: call.context())
        let image = clamp ? result.value.map { min(max($0, 0), 1) } : result.value
        let identity = try await chosen.identity(compute, in: call.context())
        return .json(.object([("image", grids.rows(image))] + identity), timing: result.timing)
    }

    @Sendable private func sample(_ call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .png])
        var fields = try call.queryFields()
        let chosen = try models.choose(from: &fields), shape = chosen.shape, model = chosen.model
        let count = try fields.read(SampleFields.n)
        let given = try fields.read(SampleFields.seed)
        let temperature = try fields.read(SampleFields.temperature)
        let picture = try PictureOptions(scaleFrom: &fields, isWanted: type == .png)
        try fields.finish()
        try chosen.requireWholeImages("it draws no whole images")
        let seed = given ?? .random(in: 0...(1 << 53 - 1))
        let tag =
            given == nil
            ? nil
            : EntityTag(
                call, type, model: try await compute.digest(of: model) + model.flow.precision.rawValue)
        if let response = tag?.notModified(for: call) { return response }
        try call.request.memory.reserve(
            count * shape.count * MemoryLayout<Float>.size + (type == .png ? picture.gridBytes(count, shape) : 0))
        let result = try await compute.sample(
            count, temperature: temperature, by: model, in: call.context(), using: Philox(seed: seed))
        let response: Response
        if type == .png {
            response = try .pieces(
                BytePieces(picture.grid(result.value.map(\.image), shape: shape)), .png,
                timing: result.timing)
        } else {
            let grids = ImageJSON(shape: shape)
            let url = "/sample?n=\(count)&seed=\(seed)&temperature=\(JSONText.number(temperature))\(chosen.queryPart)"
            let identity = try await chosen.identity(compute, in: call.context())
            let fields: [(name: String, value: JSON)] = [
                (
                    "images",
                    .generated(result.value.count) { [samples = result.value] in grids.rows(samples[$0].image) }
                ),
                ("log_likelihood", .numbers(result.value.map(\.logLikelihood))),
                ("n", .integer(count)),
                ("seed", .integer(Int(seed))),
                ("temperature", .number(temperature)),
                ("reproduce", .string(url)),
            ]
            response = .json(.object(fields + identity), timing: result.timing)
        }
        return tag?.marked(response) ?? response
    }
}
