#if canImport(Glibc)
import Glibc
#endif
import NormalizingFlows
import Statistics

/// A flow of invertible convolutions of a few pixels with random weights, as a file.
public struct SmallConvolutionalModel: Sendable, CustomStringConvertible {
    public let architecture: ConvolutionalArchitecture
    /// What the file says of itself beside the architecture.
    public let metadata: [String: String]
    private let seed: UInt64
    private let spread: Double
    private let hasStatistics: Bool

    /// - Parameters:
    ///   - spread: the weights' standard deviation.
    ///   - hasStatistics: whether it has the mean and the covariance of training images.
    public init(
        isConditional: Bool = false, rows: Int = 4, columns: Int = 4, spread: Double = 0.15, seed: UInt64 = 5,
        hasStatistics: Bool = true, metadata: [String: String] = [:]
    ) {
        architecture = ConvolutionalArchitecture(
            rows: rows, columns: columns, block: 2, steps: 3, hidden: 5,
            conditioner: isConditional ? .init(features: 4, blocks: 2) : nil, permutationSeed: 3)
        self.metadata = metadata
        self.seed = seed
        self.spread = spread
        self.hasStatistics = hasStatistics
    }

    /// A prior of patches of 4 × 4 pixels.
    public init(ofPatches metadata: [String: String], seed: UInt64 = 5) {
        architecture = ConvolutionalArchitecture(
            rows: 4, columns: 4, block: 4, steps: 2, hidden: 6, conditioner: nil, permutationSeed: 3, scale: .linear,
            noise: NoiseLevels(minimum: 0.002, maximum: 0.25))
        self.metadata = metadata
        self.seed = seed
        spread = 0.15
        hasStatistics = false
    }

    public var dimension: Int { architecture.dimension }
    public var description: String {
        "\(architecture.conditioner == nil ? "convolutional" : "conditional") of \(dimension) pixels"
    }

    private var tensors: [(name: String, shape: [Int], values: [Float])] {
        var tensors: [(name: String, shape: [Int], values: [Float])] = []
        for (index, tensor) in ConvolutionalArchitecture.Layout(architecture).tensors.enumerated() {
            var values = NormalDistribution(mean: 0, standardDeviation: spread).draws(
                tensor.count, from: Philox(seed: seed, stream: UInt64(index))
            ).map { Float($0) }
            let columns = tensor.shape.last ?? 1
            // Triangular factors have nothing on the other side.
            for k in values.indices {
                let (i, j) = (k / columns, k % columns)
                if tensor.name.hasSuffix(".lower"), j >= i { values[k] = 0 }
                if tensor.name.hasSuffix(".upper"), j <= i { values[k] = 0 }
            }
            tensors.append((tensor.name, tensor.shape, values))
        }
        guard hasStatistics else { return tensors }
        tensors.append(
            (NICEArchitecture.trainingMeanName, [dimension], (0..<dimension).map { 0.2 + Float($0 % 5) / 10 }))
        var factor: [Float] = []
        for row in 0..<dimension {
            for column in 0..<row { factor.append(Float((row + 3 * column) % 7 - 3) / 64) }
            factor.append(0.25)
        }
        tensors.append((NICEArchitecture.trainingFactorName, [factor.count], factor))
        return tensors
    }

    /// Writes the model to `path` as safetensors.
    public func write(to path: String) throws {
        let tensors = tensors
        var writer = try SafeTensorsWriter(
            path, tensors: tensors.map { .init(name: $0.name, elementType: .float32, shape: $0.shape) },
            metadata: architecture.metadata.merging(metadata) { $1 })
        for tensor in tensors { try writer.append(tensor.values) }
        try writer.finish()
    }

    /// The same in a file of its own, which is removed after `body`.
    public func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/riviera-\(UInt64.random(in: 0 ... .max)).safetensors"
        defer { unlink(path) }
        try write(to: path)
        return try body(path)
    }
}
