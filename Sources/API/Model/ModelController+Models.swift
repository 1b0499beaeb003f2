import Compute
import HTTP
import HTTPTypes
import NormalizingFlows

// What the models are.
extension ModelController {
    @Sendable func list(_ call: Call) async throws -> Response {
        try call.refuseQuery()
        _ = try call.responseType(among: [.json])
        let served = compute.models.all
        var reports: [JSON] = [], digests = ""
        for model in served {
            let digest = try await compute.digest(of: model.model, in: call.context())
            digests += "\(digest) \(model.model.flow.precision.rawValue) "
            reports.append(summary(of: model, digest))
        }
        let tag = EntityTag(call, .json, model: digests)
        if let response = tag.notModified(for: call) { return response }
        return tag.marked(.json(.object([("models", .array(reports))])))
    }

    private func summary(of served: ServedModel, _ digest: String) -> JSON {
        let model = served.model, architecture = model.flow.flowArchitecture, shape = ImageShape(of: model)
        return .object([
            ("name", .string(served.name)),
            ("kind", .string(architecture.kind.rawValue)),
            ("purpose", .string(served.purpose)),
            ("file", .string(model.file)),
            ("sha256", .string(digest)),
            (
                "shape",
                .object([
                    ("channels", .integer(architecture.channels)), ("rows", .integer(shape.rows)),
                    ("columns", .integer(shape.columns)),
                ])
            ),
            ("parameters", .integer(architecture.parameterCount)),
            ("memory_bytes", .integer(served.memoryBytes)),
            ("test_log_likelihood", testLogLikelihood(of: model)),
        ])
    }

    @Sendable func describe(_ call: Call) async throws -> Response {
        var fields = try call.queryFields()
        let chosen = try models.choose(from: &fields, patches: true)
        try fields.finish()
        _ = try call.responseType(among: [.json])
        let model = chosen.model, architecture = model.flow.flowArchitecture
        let digest = try await compute.digest(of: model, in: call.context())
        let tag = EntityTag(call, .json, model: "\(digest) \(model.flow.precision.rawValue)")
        if let response = tag.notModified(for: call) { return response }
        var response = tag.marked(
            .json(
                .object(
                    [
                        ("name", .string(model.name)),
                        ("file", .string(model.file)),
                        ("sha256", .string(digest)),
                        ("architecture", architecture.json(shape: chosen.shape)),
                        ("parameters", .integer(architecture.parameterCount)),
                        ("precision", .string(model.flow.precision.rawValue)),
                        ("test_log_likelihood", testLogLikelihood(of: model)),
                    ] + training(of: model))))
        response.headerFields[.server] = ServerIdentity.serverField
        return response
    }

    private func testLogLikelihood(of model: LoadedModel) -> JSON {
        .optional(model.metadata["test_log_likelihood"].flatMap { Double($0) })
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
}

extension FlowArchitecture {
    fileprivate func json(shape: ImageShape) -> JSON {
        switch self {
        case .nice(let nice):
            .object([
                ("family", .string("NICE")),
                ("dimension", .integer(nice.dimension)),
                ("rows", .integer(shape.rows)),
                ("columns", .integer(shape.columns)),
                ("couplings", .integer(nice.couplings)),
                ("hidden_layers", .integer(nice.hiddenLayers)),
                ("width", .integer(nice.width)),
                ("prior", .string("logistic")),
                ("first_transformed", .string(nice.firstTransformed.rawValue)),
            ])
        case .convolutional(let flow):
            .object([
                ("family", .string("invertible convolutions")),
                ("dimension", .integer(flow.dimension)),
                ("channels", .integer(flow.channels)),
                ("rows", .integer(shape.rows)),
                ("columns", .integer(shape.columns)),
                ("block", .integer(flow.block)),
                ("steps", .integer(flow.steps)),
                ("hidden", .integer(flow.hidden)),
                ("coupling", .string(flow.coupling == .affine ? "affine" : "spline")),
                (
                    "conditioner",
                    flow.conditioner.map {
                        .object([("features", .integer($0.features)), ("blocks", .integer($0.blocks))])
                    } ?? .null
                ),
                ("prior", .string("normal")),
            ])
        }
    }
}
