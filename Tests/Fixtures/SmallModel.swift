#if canImport(Glibc)
import Glibc
#endif
import NormalizingFlows
import Statistics

/// A NICE model of a few pixels with random weights, for tests: as tensors, as a file and, by way
/// of the file, as a model.
public struct SmallModel: Sendable {
    public let dimension, couplings, hiddenLayers, width: Int
    /// Row-major values by PyTorch's names.
    public let tensors: [(name: String, shape: [Int], values: [Float])]

    /// - Parameters:
    ///   - trainingMean: whether it has the mean and the covariance of training images.
    ///   - hiddenBias: added to the hidden units' biases; below 0, few units are active.
    public init(
        dimension: Int = 6, couplings: Int = 4, hiddenLayers: Int = 2, width: Int = 10,
        trainingMean: Bool = true, hiddenBias: Float = 0, seed: UInt64 = 1
    ) {
        self.dimension = dimension
        self.couplings = couplings
        self.hiddenLayers = hiddenLayers
        self.width = width
        var tensors: [(name: String, shape: [Int], values: [Float])] = []
        func add(_ name: String, _ shape: [Int], scale: Double) {
            let normals = NormalDistribution.standard.draws(
                shape.reduce(1, *), from: Philox(seed: seed, stream: UInt64(tensors.count)))
            // Few bits, so that binary16 holds every value exactly.
            let values = normals.map { Float(($0 * scale * 256).rounded() / 256) }
            tensors.append((name, shape, values))
        }
        func linear(_ name: String, from inputs: Int, to outputs: Int) {
            let scale = (2 / Double(inputs)).squareRoot()
            add("\(name).weight", [outputs, inputs], scale: scale)
            add("\(name).bias", [outputs], scale: 0.3)
            guard !name.contains("out_block") else { return }
            tensors[tensors.count - 1].values = tensors[tensors.count - 1].values.map { $0 + hiddenBias }
        }
        for coupling in 0..<couplings {
            linear("coupling.\(coupling).in_block.0", from: dimension / 2, to: width)
            for layer in 0..<hiddenLayers - 1 {
                linear("coupling.\(coupling).mid_block.\(layer).0", from: width, to: width)
            }
            linear("coupling.\(coupling).out_block", from: width, to: dimension / 2)
        }
        add("scaling.scale", [1, dimension], scale: 1)
        if trainingMean {
            tensors.append(
                (
                    NICEArchitecture.trainingMeanName, [dimension],
                    (0..<dimension).map { Float($0 % 5) / 5 }
                ))
            var factor: [Float] = []
            for row in 0..<dimension {
                for column in 0..<row { factor.append(Float((row + 3 * column) % 7 - 3) / 64) }
                factor.append(0.25)
            }
            tensors.append((NICEArchitecture.trainingFactorName, [factor.count], factor))
        }
        self.tensors = tensors
    }

    /// Writes the model as safetensors, hands the path to `body` and removes the file.
    public func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = Self.temporaryPath
        defer { unlink(path) }
        var writer = try SafeTensorsWriter(
            path,
            tensors: tensors.map { .init(name: $0.name, elementType: .float32, shape: $0.shape) })
        for tensor in tensors { try writer.append(tensor.values) }
        try writer.finish()
        return try body(path)
    }

    /// The same with a PyTorch checkpoint, whose bytes `change` may change.
    public func withTorchFile<Result>(
        changing change: (inout [UInt8]) -> Void = { _ in }, _ body: (String) throws -> Result
    ) throws -> Result {
        let path = Self.temporaryPath
        defer { unlink(path) }
        let weights = tensors.filter {
            $0.name != NICEArchitecture.trainingMeanName && $0.name != NICEArchitecture.trainingFactorName
        }
        var bytes = TorchFile.stateDict(weights)
        change(&bytes)
        guard let stream = fopen(path, "w") else { preconditionFailure("\(path) cannot be written") }
        let written = fwrite(bytes, 1, bytes.count, stream)
        guard fclose(stream) == 0, written == bytes.count else { preconditionFailure("\(path) is not whole") }
        return try body(path)
    }

    private static var temporaryPath: String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(folder)/riviera-\(UInt64.random(in: 0 ... .max)).weights"
    }

    public subscript(name: String) -> [Float] {
        tensors.first { $0.name == name }?.values ?? []
    }
}

extension SmallModel {
    /// The same model but for one number.
    public func replacing(_ name: String, at index: Int, with value: Float) -> SmallModel {
        SmallModel(
            self,
            tensors: tensors.map { tensor in
                guard tensor.name == name else { return tensor }
                var changed = tensor
                changed.values[index] = value
                return changed
            })
    }

    private init(_ model: SmallModel, tensors: [(name: String, shape: [Int], values: [Float])]) {
        dimension = model.dimension
        couplings = model.couplings
        hiddenLayers = model.hiddenLayers
        width = model.width
        self.tensors = tensors
    }
}
