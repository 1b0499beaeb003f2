import LinearAlgebra
import NormalizingFlows

extension TrainingRun {
    /// Writes the averaged weights as a model that serves, with what is known of the images.
    ///
    /// - Parameters:
    ///   - precision: of the matrices; all else is in float32, but for the covariance's factor in float16.
    ///   - metadata: what else to record.
    /// - Throws: `CheckpointError` where the file cannot be written.
    public func writeModel(
        to path: String, precision: Precision, metadata: [String: String]
    ) throws(CheckpointError) {
        let statistics = imageStatistics
        let tensors = flow.tensors.prefix(flow.tensorsOfModel)
        var descriptions = tensors.map {
            SafeTensorsWriter.Description(
                name: $0.name, elementType: precision == .float16 && $0.isTransposed ? .float16 : .float32,
                shape: $0.shape)
        }
        descriptions.append(
            .init(name: NICEArchitecture.trainingMeanName, elementType: .float32, shape: [statistics.mean.count]))
        if let factor = statistics.factor {
            descriptions.append(
                .init(name: NICEArchitecture.trainingFactorName, elementType: .float16, shape: [factor.count]))
        }
        var own = flow.metadata.merging(options.metadata) { $1 }
        own["precision"] = precision.rawValue
        own["rows"] = "\(images.rows)"
        own["columns"] = "\(images.columns)"
        own["training_images"] = "\(split.training.count)"
        own["validation_images"] = "\(split.validation.count)"
        own["best_epoch"] = progress.best.map { "\($0.epoch)" }
        var writer = try SafeTensorsWriter(
            path, tensors: descriptions, metadata: metadata.merging(own) { $1 })
        for (tensor, description) in zip(tensors, descriptions) {
            let values = tensor.exported(parameters.best)
            if description.elementType == .float16 {
                try writer.append(Half.array(values))
            } else {
                try writer.append(values)
            }
        }
        try writer.append(statistics.mean)
        if let factor = statistics.factor { try writer.append(factor) }
        try writer.finish()
    }

    /// Takes a model's parameters out of its file, as the averaged weights and as those that training goes on from.
    ///
    /// - Throws: `CheckpointError` where it is a model of another architecture.
    public func readModel(from path: String) throws(CheckpointError) {
        let checkpoint = try Checkpoint(contentsOf: path)
        for tensor in parameters.tensors.prefix(flow.tensorsOfModel) {
            guard let found = checkpoint[tensor.name], found.shape == tensor.shape else {
                throw CheckpointError(
                    file: path, place: "tensor \(quoted(tensor.name))",
                    reason: "is missing or has another shape than \(tensor.shape)")
            }
            tensor.load(found.floats(), into: parameters.weights)
        }
        parameters.startAverage()
    }

    private var imageStatistics: TrainingStatistics {
        if let known = knownStatistics { return known }
        let statistics = TrainingStatistics(of: images, over: split.training, noise: options.noise, on: pool)
        knownStatistics = statistics
        return statistics
    }
}
