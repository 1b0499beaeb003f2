import LinearAlgebra
import NormalizingFlows
import Statistics

/// A small flow with random parameters, and images for it.
struct SmallConvolutional {
    let architecture: ConvolutionalArchitecture
    let model: ConvolutionalModel
    var parameters: ConvolutionalParameters { model.parameters }

    /// Whole images and holes, of one channel and several; patches, of which each is one position.
    static let all = [
        SmallConvolutional(isConditional: false), SmallConvolutional(isConditional: true),
        SmallConvolutional(isConditional: true, channels: 2),
        SmallConvolutional(isConditional: false, channels: 3, rows: 2, columns: 2, scale: .linear),
        SmallConvolutional(isConditional: true, rows: 4, columns: 4, block: 4, scale: .linear),
        SmallConvolutional(isConditional: false, coupling: spline),
        SmallConvolutional(isConditional: true, channels: 2, coupling: spline),
        SmallConvolutional(isConditional: false, channels: 3, rows: 2, columns: 2, scale: .linear, coupling: spline),
    ]
    static let spline = ConvolutionalArchitecture.Coupling.spline(RationalQuadraticSpline(bins: 4, bound: 3))

    init(
        isConditional: Bool, channels: Int = 1, rows: Int = 4, columns: Int = 6, block: Int = 2,
        scale: PixelScale = .logit, coupling: ConvolutionalArchitecture.Coupling = .affine
    ) {
        architecture = ConvolutionalArchitecture(
            channels: channels, rows: rows, columns: columns, block: block, steps: 3, hidden: 5,
            conditioner: isConditional ? .init(features: 4, blocks: 2) : nil, permutationSeed: 3, scale: scale,
            coupling: coupling)
        var stream: UInt64 = 0
        do {
            model = try ConvolutionalModel(architecture) { tensor in
                let draws = NormalDistribution(mean: 0, standardDeviation: 0.15).draws(
                    tensor.count, from: Philox(seed: 5, stream: stream))
                stream += 1
                let isTriangular = tensor.name.hasSuffix(".lower") || tensor.name.hasSuffix(".upper")
                return draws.enumerated().map { k, draw in
                    !isTriangular || Self.isFree(tensor, k / tensor.columns, k % tensor.columns) ? Float(draw) : 0
                }
            }
        } catch {
            fatalError("\(error)")
        }
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
        _ images: [Float], _ holes: [Float]?, in pass: ConvolutionalPass
    ) -> [Double] {
        let count = images.count / dimension
        var values = [Double](repeating: 0, count: count)
        if let holes {
            pass.evaluate(images, missing: holes, count: count, parameters: parameters, into: &values)
        } else {
            pass.evaluate(images, missing: nil, count: count, parameters: parameters, into: &values)
        }
        return values
    }
}
