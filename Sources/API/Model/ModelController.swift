import Compute
import HTTP
import HTTPTypes
import Statistics

/// The model itself: what it is, how likely it finds an image, what it draws.
struct ModelController: Sendable {
    let compute: Compute
    let shape: ImageShape
    let configuration: APIConfiguration

    var endpoints: [Endpoint] {
        [
            Endpoint(.model, action: describe), Endpoint(.sample(shape), action: sample),
            Endpoint(.likelihood(shape), bodyLimit: configuration.bodyLimit, action: likelihood),
            Endpoint(.encode(shape), bodyLimit: configuration.bodyLimit, action: encode),
            Endpoint(.decode(shape), action: decode),
        ]
    }

    @Sendable private func describe(_ call: Call) async throws -> Response {
        try call.refuseQuery()
        _ = try call.responseType(among: [.json])
        let model = compute.model, architecture = model.nice.architecture
        let digest = try await compute.modelDigest()
        let tag = EntityTag(call, .json, model: "\(digest) \(model.nice.precision.rawValue)")
        if let response = tag.notModified(for: call) { return response }
        var response = tag.marked(
            .json(
                .object(
                    [
                        ("name", .string(model.name)),
                        ("file", .string(model.file)),
                        ("sha256", .string(digest)),
                        (
                            "architecture",
                            .object([
                                ("family", .string("NICE")),
                                ("dimension", .integer(architecture.dimension)),
                                ("rows", .integer(shape.rows)),
                                ("columns", .integer(shape.columns)),
                                ("couplings", .integer(architecture.couplings)),
                                ("hidden_layers", .integer(architecture.hiddenLayers)),
                                ("width", .integer(architecture.width)),
                                ("prior", .string("logistic")),
                                ("first_transformed", .string(architecture.firstTransformed.rawValue)),
                            ])
                        ),
                        ("parameters", .integer(architecture.parameterCount)),
                        ("precision", .string(model.nice.precision.rawValue)),
                        (
                            "test_log_likelihood",
                            .optional(model.metadata["test_log_likelihood"].flatMap { Double($0) })
                        ),
                    ] + training(of: model))))
        response.headerFields[.server] = ServerIdentity.serverField
        return response
    }

    /// What `riviera train` records in a model's file; nothing for other files.
    private func training(of model: LoadedModel) -> [(name: String, value: JSON)] {
        guard let digest = model.metadata["images_sha256"] else { return [] }
        func number(_ key: String) -> JSON { .optional(model.metadata[key].flatMap { Double($0) }) }
        return [
            (
                "training",
                .object([
                    ("images", number("training_images")),
                    ("images_sha256", .string(digest)),
                    ("epochs", number("epochs")),
                    ("best_epoch", number("best_epoch")),
                    ("log_likelihood", number("training_log_likelihood")),
                    ("validation_log_likelihood", number("validation_log_likelihood")),
                ])
            )
        ]
    }

    @Sendable private func likelihood(_ call: Call) async throws -> Response {
        try await answer(call) { image, context in
            let result = try await compute.likelihood(of: image, in: context), value = result.value
            guard value.logLikelihood.isFinite else {
                throw Problem.invalid(
                    "The log-likelihood of this image is not finite: its values exceed what the model computes with.",
                    .pointer(""))
            }
            let json = JSON.object([
                ("log_likelihood", .number(value.logLikelihood)),
                (
                    "bits_per_dimension",
                    .number(BitsPerDimension.of(value.logLikelihood, dimension: shape.count))
                ),
                ("log_prior", .number(value.logPrior)),
                ("log_det_jacobian", .number(value.logAbsDetJacobian)),
            ])
            return Timed(value: json, timing: result.timing)
        }
    }

    @Sendable private func encode(_ call: Call) async throws -> Response {
        try await answer(call) { image, context in
            let result = try await compute.encode(image, in: context)
            return Timed(value: .object([("latent", .singles(result.value))]), timing: result.timing)
        }
    }

    /// One image, or an image a line.
    private func answer(
        _ call: Call, _ work: @escaping @Sendable ([Float], WorkContext) async throws -> Timed<JSON>
    ) async throws -> Response {
        if call.statedType == .ndjson {
            try call.refuseQuery()
            _ = try call.responseType(among: [.ndjson])
            return RequestLines(capacity: compute.configuration.batch) { json, context in
                try await work(try image(of: json), context)
            }.response(to: call)
        }
        let result = try await work(try await image(of: call), call.context())
        return .json(result.value, timing: result.timing)
    }

    @Sendable private func decode(_ call: Call) async throws -> Response {
        let json = try await call.jsonExchange(), grids = ImageJSON(shape: shape)
        var latent: [Double], clamp = false
        let isBare = json.isArray
        var isFlat = false
        if isBare {
            isFlat = ImageJSON.isFlat(json)
            latent = try grids.numbers(json, "latent", at: "", isImage: false)
        } else {
            var fields = try Fields(json)
            guard let value = try fields.json("latent") else {
                throw fields.missing("latent", shape.description)
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
            latent.map { Float($0) }, in: call.context())
        let image = clamp ? result.value.map { min(max($0, 0), 1) } : result.value
        return .json(.object([("image", grids.rows(image))]), timing: result.timing)
    }

    @Sendable private func sample(_ call: Call) async throws -> Response {
        let type = try call.responseType(among: [.json, .png])
        var fields = try call.queryFields()
        let count = try fields.read(SampleFields.n)
        let given = try fields.read(SampleFields.seed)
        let temperature = try fields.read(SampleFields.temperature)
        let picture = try PictureOptions(scaleFrom: &fields, isWanted: type == .png)
        try fields.finish()
        let seed = given ?? .random(in: 0...(1 << 53 - 1))
        let tag =
            given == nil
            ? nil
            : EntityTag(
                call, type, model: try await compute.modelDigest() + compute.model.nice.precision.rawValue)
        if let response = tag?.notModified(for: call) { return response }
        try call.request.memory.reserve(
            count * shape.count * MemoryLayout<Float>.size + (type == .png ? picture.gridBytes(count, shape) : 0))
        let result = try await compute.sample(
            count, temperature: temperature, in: call.context(), using: Philox(seed: seed))
        let response: Response
        if type == .png {
            response = try .pieces(
                BytePieces(picture.grid(result.value.map(\.image), shape: shape)), .png,
                timing: result.timing)
        } else {
            let grids = ImageJSON(shape: shape)
            let url = "/sample?n=\(count)&seed=\(seed)&temperature=\(JSONText.number(temperature))"
            response = .json(
                .object([
                    (
                        "images",
                        .generated(result.value.count) { [samples = result.value] in grids.rows(samples[$0].image) }
                    ),
                    ("log_likelihood", .numbers(result.value.map(\.logLikelihood))),
                    ("n", .integer(count)),
                    ("seed", .integer(Int(seed))),
                    ("temperature", .number(temperature)),
                    ("reproduce", .string(url)),
                ]), timing: result.timing)
        }
        return tag?.marked(response) ?? response
    }

    /// An image without missing pixels: `{"image": …}`, a bare array, a PNG, or a form with one of them.
    private func image(of call: Call) async throws -> [Float] {
        if call.statedType == .form {
            _ = try call.responseType(among: [.json])
            let form = try await ImageForm(call, grids: ["image"], shape: shape)
            let image = try form.whole("image")
            try form.options.finish()
            guard let image else { throw form.options.missing("image", "a PNG or JSON, \(shape.description)") }
            return image.map { Float($0) }
        }
        try call.refuseQuery()
        _ = try call.responseType(among: [.json])
        let (type, bytes) = try await call.body(among: [.json, .ndjson, .png, .form])
        guard type == .png else { return try image(of: try await call.json(bytes)) }
        return try PNGInput(shape: shape).readWhole(bytes).map { Float($0) }
    }

    private func image(of json: JSONNode) throws -> [Float] {
        let grids = ImageJSON(shape: shape)
        if json.isArray {
            return try grids.numbers(json, "image", at: "").map { Float($0) }
        }
        var fields = try Fields(json)
        guard let value = try fields.json("image") else {
            throw fields.missing("image", shape.description)
        }
        let image = try grids.numbers(value, "image", at: "/image")
        try fields.finish()
        return image.map { Float($0) }
    }
}
