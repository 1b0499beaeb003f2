import Compute
import NormalizingFlows

/// The model that answers a request, and the size of its images.
struct ChosenModel: Sendable {
    let served: ServedModel
    let shape: ImageShape
    /// Whether the request names it.
    let isNamed: Bool
    /// The field that names it, for errors.
    let culprit: Problem.Culprit
    /// What models of whole images are called, for errors.
    fileprivate let wholeImageModels: [String]
    /// A model that fills photographs of any size, where there is one.
    let photographModel: String?

    var model: LoadedModel { served.model }
    var isConditional: Bool { model.flow.isConditional }

    /// - Parameter lack: what the endpoint would need of it, as the end of a sentence.
    /// - Throws: `Problem` 422 where it is a model of missing pixels given the known ones.
    func requireWholeImages(_ lack: String) throws {
        guard isConditional else { return }
        let others = wholeImageModels.map(\.quoted).joined(separator: ", ")
        throw Problem.invalid(
            "The model \(served.name.quoted) is of missing pixels given the known ones: \(lack). "
                + (others.isEmpty ? "Load a model of whole images for that." : "Take \(others)."), culprit)
    }

    /// `&model=NAME` where the request names it, for the URL that reproduces it.
    var queryPart: String { isNamed ? "&\(ModelField.name)=\(QueryText.escaped(served.name))" : "" }

    /// What short replies say of it: only where the request names it.
    func identity(_ compute: Compute, in context: WorkContext) async throws -> [(name: String, value: JSON)] {
        guard isNamed else { return [] }
        return [("model", .identity(of: model, try await compute.digest(of: model, in: context)))]
    }
}

extension JSON {
    /// The model that was used.
    static func identity(of model: LoadedModel, _ digest: String) -> JSON {
        .object([("name", .string(model.name)), ("sha256", .string(digest))])
    }
}

extension Call {
    /// The query of an endpoint that takes nothing there but the model.
    func modelQuery() throws -> Fields {
        let query = try queryFields()
        var rest = query
        _ = try ModelField.read(from: &rest)
        try rest.finish()
        return query
    }
}

/// Finds the models that requests name.
struct ModelChooser: Sendable {
    let registry: ModelRegistry

    /// The model that a request names, else the default one. The request is counted.
    ///
    /// - Parameter patches: whether it may be one of patches of photographs.
    /// - Throws: `Problem` 422 that lists the models where there is none of that name.
    func choose(from fields: inout Fields, patches: Bool = false) throws -> ChosenModel {
        let name = try ModelField.read(from: &fields), culprit = fields.culprit(ModelField.name)
        let served = try find(name, culprit)
        guard patches || !served.model.isOfPatches else {
            throw Problem.invalid(
                "The model \(served.name.quoted) is of patches of photographs: /inpaint fills one photograph a request with "
                    + "it, and nothing else takes it.", culprit)
        }
        registry.countRequest(for: served)
        return ChosenModel(
            served: served, shape: ImageShape(of: served.model), isNamed: name != nil, culprit: culprit,
            wholeImageModels: registry.all.filter { !$0.model.isOfPatches && !$0.model.flow.isConditional }.map(\.name),
            photographModel: registry.all.first { $0.model.isOfPatches }?.name)
    }

    /// Whether the model that a request names, else the default one, is of patches of photographs.
    func isOfPatches(_ fields: Fields) throws -> Bool {
        var fields = fields
        return try find(try ModelField.read(from: &fields), fields.culprit(ModelField.name)).model.isOfPatches
    }

    /// Refuses a name that no model has, even where a body's own takes its place.
    func check(_ query: Fields) throws {
        var query = query
        _ = try find(try ModelField.read(from: &query), query.culprit(ModelField.name))
    }

    private func find(_ name: String?, _ culprit: Problem.Culprit) throws -> ServedModel {
        guard let name else {
            guard let standard = registry.standard else { preconditionFailure("only where there is a model") }
            return standard
        }
        if let served = registry[name] { return served }
        let names = registry.all.map(\.name)
        var detail =
            "There is no model \(name.quoted) here. The models are \(names.map(\.quoted).joined(separator: ", "))."
        if let near = Spelling.nearest(to: name, among: names) { detail += " Did you mean \(near.quoted)?" }
        throw Problem.invalid(detail, culprit)
    }
}
