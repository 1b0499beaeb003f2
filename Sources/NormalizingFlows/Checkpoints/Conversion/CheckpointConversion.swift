/// Turns a NICE model's checkpoint, in either format, into a safetensors file that serves at once:
/// `riviera convert`.
///
/// Tensors keep PyTorch's names, shapes and order, so that any reader of safetensors can use them.
public struct CheckpointConversion: Sendable {
    /// How the weights are stored.
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        case float32, float16
    }

    public var precision: Precision
    /// The model's name, for people.
    public var name: String?
    /// The mean of the training images, byte / 255, D values; kept from the input where it is `nil`.
    public var trainingMean: [Float]?
    /// What else to record: training data, epochs, test log-likelihood, where the weights come from …
    /// It replaces what the input records under the same key.
    public var metadata: [String: String]

    public init(
        precision: Precision, name: String? = nil, trainingMean: [Float]? = nil, metadata: [String: String] = [:]
    ) {
        self.precision = precision
        self.name = name
        self.trainingMean = trainingMean
        self.metadata = metadata
    }

    /// Reads `input`, checks it to the last byte, and writes `output`; returns the architecture.
    ///
    /// Throws what is wrong with the input; where a weight is not finite, or would become infinite as
    /// float16; where `metadata` claims something that the tensors already say.
    @discardableResult
    public func convert(_ input: String, to output: String) throws(CheckpointError) -> NICEArchitecture {
        let checkpoint = try Checkpoint(contentsOf: input)
        try checkpoint.verify()
        let architecture = try NICEArchitecture(of: checkpoint)
        let mean = trainingMean ?? checkpoint[NICEArchitecture.trainingMeanName]?.floats()
        if let mean, mean.count != architecture.dimension {
            throw CheckpointError(
                file: input, reason: "has \(architecture.dimension) pixels, the training mean \(mean.count)")
        }
        if let mean, !mean.allSatisfy({ $0 >= 0 && $0 <= 1 }) {
            throw CheckpointError(file: input, reason: "the training mean has a pixel outside 0…1")
        }

        let parameters = architecture.parameters
        var descriptions = parameters.map {
            SafeTensorsWriter.Description(name: $0.name, elementType: elementType(of: $0), shape: $0.shape)
        }
        if let mean {
            descriptions.append(.init(name: NICEArchitecture.trainingMeanName, elementType: .float32, shape: [mean.count]))
        }
        var writer = try SafeTensorsWriter(
            output, tensors: descriptions, metadata: try recordedMetadata(of: architecture, in: checkpoint))
        for parameter in parameters {
            guard let tensor = checkpoint[parameter.name] else {
                preconditionFailure("the architecture has found every parameter")
            }
            switch elementType(of: parameter) {
            case .float32: try writer.append(finite(tensor.floats(), of: tensor))
            case .float16, .bfloat16: try writer.append(finite(tensor.halves(), of: tensor))
            }
        }
        if let mean { try writer.append(mean) }
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

    private func finite(_ elements: [Float], of tensor: CheckpointTensor) throws(CheckpointError) -> [Float] {
        guard let index = elements.firstIndex(where: { !$0.isFinite }) else { return elements }
        throw tensor.failure("element \(index) is \(elements[index]), which no weight can be")
    }

    private func finite(_ bits: [UInt16], of tensor: CheckpointTensor) throws(CheckpointError) -> [UInt16] {
        guard let index = bits.firstIndex(where: { $0 & 0x7c00 == 0x7c00 }) else { return bits }
        throw tensor.failure("element \(index) is \(tensor.floats()[index]), which float16 cannot hold")
    }
}
