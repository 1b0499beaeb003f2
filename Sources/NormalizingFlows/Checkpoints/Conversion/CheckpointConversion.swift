import LinearAlgebra

/// Turns a NICE model's checkpoint, in either format, into a safetensors file that serves at once:
/// `riviera convert`.
///
/// Tensors keep PyTorch's names, shapes and order, so that any reader of safetensors can use them.
public struct CheckpointConversion: Sendable {
    /// How the matrices are stored.
    public var precision: Precision
    /// Which half of the pixels the first coupling moves; what the input records, else the
    /// even-indexed one, where it is `nil`.
    public var firstTransformed: PixelParity?
    /// The model's name, for people.
    public var name: String?
    /// Of the training images; what the input records, if anything, where it is `nil`.
    public var statistics: TrainingStatistics?
    /// What else to record: training data, epochs, test log-likelihood, where the weights come from …
    /// It replaces what the input records under the same key.
    public var metadata: [String: String]

    public init(
        precision: Precision, firstTransformed: PixelParity? = nil, name: String? = nil,
        statistics: TrainingStatistics? = nil, metadata: [String: String] = [:]
    ) {
        self.precision = precision
        self.firstTransformed = firstTransformed
        self.name = name
        self.statistics = statistics
        self.metadata = metadata
    }

    /// Reads `input`, checks it to the last byte, and writes `output`.
    ///
    /// - Returns: the architecture.
    /// - Throws: `CheckpointError` for what is wrong with the input, all that `NICE` refuses to serve in
    ///   this precision included; where the training images have another size than the model; where
    ///   `metadata` claims something that the conversion records itself.
    @discardableResult
    public func convert(_ input: String, to output: String) throws(CheckpointError) -> NICEArchitecture {
        let checkpoint = try Checkpoint(contentsOf: input)
        try checkpoint.verify()
        let architecture = try NICEArchitecture(
            of: checkpoint, firstTransformed: firstTransformed, overriding: true)
        let metadata = try recordedMetadata(of: architecture, in: checkpoint)
        // What cannot be served is not written either.
        _ = try NICE(checkpoint, architecture, precision: precision)
        if let statistics, statistics.mean.count != architecture.dimension {
            throw CheckpointError(
                file: input, place: "architecture",
                reason: "the training images have \(statistics.mean.count) pixels, but the model has "
                    + "\(architecture.dimension)")
        }
        let mean = statistics?.mean ?? checkpoint[NICEArchitecture.trainingMeanName]?.floats()

        let parameters = architecture.parameters
        var descriptions = parameters.map {
            SafeTensorsWriter.Description(name: $0.name, elementType: elementType(of: $0), shape: $0.shape)
        }
        if let mean {
            descriptions.append(
                .init(name: NICEArchitecture.trainingMeanName, elementType: .float32, shape: [mean.count]))
        }
        // It belongs to the images of the recorded mean.
        let factor =
            statistics == nil ? checkpoint[NICEArchitecture.trainingFactorName]?.halves() : statistics?.factor
        if let factor {
            descriptions.append(
                .init(name: NICEArchitecture.trainingFactorName, elementType: .float16, shape: [factor.count]))
        }
        var writer = try SafeTensorsWriter(output, tensors: descriptions, metadata: metadata)
        for parameter in parameters {
            guard let tensor = checkpoint[parameter.name] else {
                preconditionFailure("the architecture has found every parameter")
            }
            switch elementType(of: parameter) {
            case .float32: try writer.append(tensor.floats())
            case .float16, .bfloat16: try writer.append(tensor.halves())
            }
        }
        if let mean { try writer.append(mean) }
        if let factor { try writer.append(factor) }
        try writer.finish()
        return architecture
    }

    /// Only the matrices are rounded: they are 99.9 % of the numbers. Biases and scales (a rounding error
    /// of a scale goes into log|det| undamped) stay as they are.
    private func elementType(of parameter: NICEArchitecture.Parameter) -> CheckpointTensor.ElementType {
        precision == .float16 && parameter.name.hasSuffix(".weight") ? .float16 : .float32
    }

    private func recordedMetadata(
        of architecture: NICEArchitecture, in checkpoint: Checkpoint
    ) throws(CheckpointError) -> [String: String] {
        var own = architecture.metadata
        own["precision"] = precision.rawValue
        own["name"] = name
        for key in metadata.keys.sorted() where own[key] != nil {
            throw CheckpointError(
                file: checkpoint.file.path, place: "metadata \(quoted(key))",
                reason: "is written by the conversion itself and cannot be given")
        }
        return checkpoint.metadata.merging(metadata) { $1 }.merging(own) { $1 }
    }
}
