import API
import Compute
import Logging
import NormalizingFlows
import Threads

/// Reads the models' files anew while they are served. Requests under way end with the model that they began with; where a
/// file cannot be served the one in memory goes on.
package final class ModelReload: Sendable {
    private let sources: [ModelSource]
    private let compute: Compute
    private let logger: Logger
    private let turns = ReloadTurns()
    /// By the models' names.
    private let counters: [String: ReloadCounters]

    /// - Parameter sources: where the models that `compute` serves come from, in their order.
    package init(_ sources: [ModelSource], in compute: Compute, logger: Logger) {
        self.sources = sources
        self.compute = compute
        self.logger = logger
        counters = Dictionary(
            uniqueKeysWithValues: compute.models.all.map { model in
                (model.name, ReloadCounters("riviera_model_reloads", dimensions: [("model", model.name)]))
            })
    }

    /// Begins to read them, and returns at once. Where they are being read, they are read once more afterwards.
    package func begin() {
        guard turns.begin() else { return }
        Task {
            repeat { await reload() } while turns.goesOn()
        }
    }

    /// Reads each of them once.
    package func reload() async {
        for (source, served) in zip(sources, compute.models.all) {
            let outcome: ReloadOutcome
            do {
                let new = try await load(source, inPlaceOf: served)
                if let new { compute.models.replace(by: new) }
                logger.notice(
                    new == nil ? "the model's file is as before" : "the model was read again",
                    metadata: [
                        "model": "\(served.name)", "file": "\(source.file)",
                        "sha256": "\((new ?? served).model.knownSHA256 ?? "-")",
                    ])
                outcome = new == nil ? .unchanged : .replaced
            } catch {
                logger.error(
                    "the model was not read again: the old one stays in use",
                    metadata: ["model": "\(served.name)", "error": "\(error)"])
                outcome = .failed
            }
            counters[served.name]?.count(outcome)
        }
    }

    /// The model of the files as they are now, ready to serve; nil where they are what is served.
    private func load(_ source: ModelSource, inPlaceOf old: ServedModel) async throws -> ServedModel? {
        let known = old.loaded.map(\.knownSHA256)
        let new = try await onThreadOfItsOwn { () throws -> ServedModel? in
            try source.digests() == known ? nil : source.load(as: old.name)
        }
        guard let new else { return nil }
        let shapes = (old: ImageShape(of: old.model), new: ImageShape(of: new.model))
        guard shapes.new == shapes.old else { throw OtherImages(source.file, shapes.old, shapes.new) }
        try await compute.prepare(new)
        return new
    }

    /// Reading takes tenths of a second, for which neither a task's nor a compute thread is to be held.
    private func onThreadOfItsOwn<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try SystemThread.detach(name: "reload") { continuation.resume(with: Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// A file that holds a model of images of another size: what the server says of its requests would no longer hold.
private struct OtherImages: Error, CustomStringConvertible {
    let description: String

    init(_ file: String, _ old: ImageShape, _ new: ImageShape) {
        description =
            "\(file): is a model of images of \(new.rows) × \(new.columns) pixels, where \(old.rows) × \(old.columns) are "
            + "served; start the server anew for that"
    }
}

extension Compute {
    /// Compares a model's files with their checksums, and makes what its first request would wait for.
    ///
    /// - Throws: `CheckpointError` or `NonFiniteValue` where the weights cannot be served.
    func prepare(_ served: ServedModel) async throws {
        for model in served.loaded {
            try await verify(model)
            _ = try await digest(of: model)
        }
        // The draws of another model take seconds: the requests that need its mean make it.
        let model = served.model
        guard model.flow.trainingMean != nil || model.flow.isShareable, !model.flow.isConditional else { return }
        _ = try await likelihood(of: try await meanImage(by: model), by: model)
    }
}
