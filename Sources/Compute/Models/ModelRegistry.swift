import Metrics
import Synchronization

/// The models that are served, by name. One may be replaced while requests are under way: each has taken its model, and
/// ends with that one.
public final class ModelRegistry: Sendable {
    private let models: Mutex<[ServedModel]>
    /// By the models' names, which stay.
    private let metrics: [String: ModelMetrics]

    /// - Parameter models: with distinct names, the default first.
    init(_ models: [ServedModel]) {
        precondition(Set(models.map(\.name)).count == models.count)
        self.models = Mutex(models)
        metrics = Dictionary(uniqueKeysWithValues: models.map { ($0.name, ModelMetrics($0.name)) })
        for model in models { metrics[model.name]?.memory.record(model.memoryBytes) }
    }

    /// All of them at present, the default first.
    public var all: [ServedModel] { models.withLock { $0 } }

    /// The one that requests get which name none.
    public var standard: ServedModel? { models.withLock(\.first) }

    /// The one of that name; what replies call a model serves, too, where it is no other's name.
    public subscript(name: String) -> ServedModel? {
        models.withLock { models in
            models.first { $0.name == name } ?? models.first { $0.model.name == name }
        }
    }

    /// Counts a request that the model answers.
    public func countRequest(for model: ServedModel) { metrics[model.name]?.requests.increment() }

    /// Serves `model` in the place of the one with its name. There must be one.
    public func replace(by model: ServedModel) {
        models.withLock { models in
            guard let index = models.firstIndex(where: { $0.name == model.name }) else {
                preconditionFailure("only a model that is served is replaced")
            }
            models[index] = model
        }
        metrics[model.name]?.memory.record(model.memoryBytes)
    }
}

/// A model's metrics.
private struct ModelMetrics: Sendable {
    let memory: Gauge
    let requests: Counter

    init(_ name: String) {
        memory = Gauge(label: "riviera_model_memory_bytes", dimensions: [("model", name)])
        requests = Counter(label: "riviera_model_requests_total", dimensions: [("model", name)])
    }
}
