import NormalizingFlows
import Statistics

/// A small flow with random parameters, and images for it.
struct SmallConvolutional {
    let architecture: ConvolutionalArchitecture
    let layout: ConvolutionalArchitecture.Layout
    let parameters: [Float]

    static let all = [
        SmallConvolutional(isConditional: false), SmallConvolutional(isConditional: true),
        SmallConvolutional(isConditional: true, channels: 2),
    ]

    init(isConditional: Bool, channels: Int = 1) {
        architecture = ConvolutionalArchitecture(
            channels: channels, rows: 4, columns: 6, block: 2, steps: 3, hidden: 5,
            conditioner: isConditional ? .init(features: 4, blocks: 2) : nil, permutationSeed: 3)
        layout = ConvolutionalArchitecture.Layout(architecture)
        var values = [Float](repeating: 0, count: layout.span)
        for (index, tensor) in layout.tensors.enumerated() {
            var draws = NormalDistribution(mean: 0, standardDeviation: 0.15).draws(
                tensor.count, from: Philox(seed: 5, stream: UInt64(index))
            ).map { Float($0) }
            for k in draws.indices where !Self.isFree(tensor, k / tensor.columns, k % tensor.columns) { draws[k] = 0 }
            values.withUnsafeMutableBufferPointer { values in
                guard let start = values.baseAddress else { return }
                for k in draws.indices {
                    start[tensor.offset + k / tensor.columns * tensor.stride + k % tensor.columns] = draws[k]
                }
            }
        }
        parameters = values
    }

    /// Whether an entry may be other than 0: triangular factors have none on the other side.
    static func isFree(_ tensor: ParameterTensor, _ i: Int, _ j: Int) -> Bool {
        if tensor.name.hasSuffix(".lower") { return j < i }
        if tensor.name.hasSuffix(".upper") { return j > i }
        return true
    }

    var dimension: Int { architecture.dimension }
    var isConditional: Bool { architecture.conditioner != nil }

    func images(_ count: Int, seed: UInt64 = 7) -> [Float] {
        UniformDistribution(lower: 0.05, upper: 0.95).draws(count * dimension, from: Philox(seed: seed)).map {
            Float($0)
        }
    }

    /// A hole of about half the pixels for each image; nil for a model of whole images.
    func holes(_ count: Int) -> [Float]? {
        guard isConditional else { return nil }
        return UniformDistribution(lower: 0, upper: 1).draws(count * dimension, from: Philox(seed: 8)).map {
            $0 < 0.5 ? 1 : 0
        }
    }

    func pass(_ capacity: Int, differentiates: Bool = false) throws -> ConvolutionalPass {
        try ConvolutionalPass(architecture, capacity: capacity, differentiates: differentiates)
    }

    func evaluate(
        _ images: [Float], _ holes: [Float]?, in pass: ConvolutionalPass, parameters: [Float]? = nil
    ) -> [Double] {
        let count = images.count / dimension
        var values = [Double](repeating: 0, count: count)
        let parameters = parameters ?? self.parameters
        if let holes {
            pass.evaluate(images, missing: holes, count: count, parameters: parameters, into: &values)
        } else {
            pass.evaluate(images, missing: nil, count: count, parameters: parameters, into: &values)
        }
        return values
    }
}
