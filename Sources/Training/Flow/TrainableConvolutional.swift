import LinearAlgebra
import NormalizingFlows
import Statistics
import Synchronization

/// A flow of invertible convolutions as it is trained, of whole images or of missing pixels given the known ones.
///
/// A batch is taken in groups of sixteen images, of patches in larger ones. A thread takes a group there and back; the
/// groups' gradients are added in order of the group.
public final class TrainableConvolutional: TrainableFlow {
    public let architecture: ConvolutionalArchitecture
    public let batchCapacity: Int
    public let tensors: [ParameterTensor]
    public let parameterSpan: Int

    public var dimension: Int { architecture.dimension }
    public var metadata: [String: String] {
        guard let regression else { return architecture.metadata }
        return architecture.metadata.merging(["regression_weight": "\(regression.importance)"]) { $1 }
    }
    public var tensorsOfModel: Int { tensors.count - (regression?.tensors.count ?? 0) }

    /// Images that are taken together: products of matrices have some hundred rows.
    private let groupSize: Int
    private let storage = Storage(chunk: 1 << 24)
    /// Passes that no thread uses.
    private let passes: Mutex<[ConvolutionalPass]>
    private let prepared: ConvolutionalParameters
    /// Of each group the gradient, then their sum.
    private let gradients: [UnsafeMutablePointer<Float>]
    private let gradient: UnsafeMutablePointer<Float>
    /// What the conditioner's features are asked for besides; nil without.
    private let regression: FeatureRegression?
    /// Of each group the squared errors of the regression.
    private let regressionErrors: UnsafeMutablePointer<Double>
    private let holes: RandomHoles
    /// nil where the flow is told of no level of noise.
    private let noise: RandomNoise?
    /// The batch with its noise; nil where there is none.
    private let noisy: UnsafeMutablePointer<Float>?
    /// The batch's missing pixels; nil without a conditioner.
    private let missing: UnsafeMutablePointer<Float>?

    /// - Parameters:
    ///   - batchCapacity: images that a batch has at most, at least 1.
    ///   - threads: how many may work on a batch.
    ///   - regressionWeight: what the squared errors of missing pixels that a linear map of the features predicts count
    ///     beside −log p; of a model without a conditioner 0.
    /// - Throws: `OutOfMemory`.
    public init(
        _ architecture: ConvolutionalArchitecture, batchCapacity: Int, threads: Int, regressionWeight: Float = 0
    ) throws(OutOfMemory) {
        self.architecture = architecture
        self.batchCapacity = batchCapacity
        let layout = ConvolutionalArchitecture.Layout(architecture)
        let regression =
            regressionWeight > 0 && architecture.conditioner != nil
            ? FeatureRegression(of: architecture, importance: regressionWeight) : nil
        self.regression = regression
        tensors = layout.tensors + (regression?.tensors ?? [])
        parameterSpan = tensors.last.map { $0.offset + $0.span } ?? 0
        groupSize = Self.groupSize(of: architecture)
        let groups = (batchCapacity + groupSize - 1) / groupSize
        var passes: [ConvolutionalPass] = [], gradients: [UnsafeMutablePointer<Float>] = []
        for _ in 0..<min(threads, groups) {
            passes.append(
                try ConvolutionalPass(
                    architecture, capacity: min(groupSize, batchCapacity), differentiates: true, trains: true))
        }
        for _ in 0..<groups { gradients.append(try storage.make(Float.self, count: parameterSpan)) }
        regressionErrors = try storage.make(Double.self, count: groups)
        self.passes = Mutex(passes)
        self.gradients = gradients
        gradient = try storage.make(Float.self, count: parameterSpan)
        prepared = try ConvolutionalParameters(architecture, gradient)
        noise = architecture.noise.map { RandomNoise(levels: $0, dimension: architecture.dimension) }
        noisy =
            architecture.noise == nil
            ? nil : try storage.make(Float.self, count: batchCapacity * architecture.dimension)
        holes = RandomHoles(rows: architecture.rows, columns: architecture.columns, channels: architecture.channels)
        missing =
            architecture.conditioner == nil
            ? nil : try storage.make(Float.self, count: batchCapacity * architecture.dimension)
    }

    public func densityDimension(of shown: ShownImages) -> Int {
        guard architecture.conditioner != nil else { return shown.count * dimension }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { room in
            guard let hole = room.baseAddress else { return 0 }
            return shown.numbers.reduce(0) { sum, number in
                holes.fill(hole, seed: shown.seed, epoch: shown.epoch, number: number)
                return sum + (0..<dimension).count { hole[$0] != 0 }
            }
        }
    }

    public func evaluate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool
    ) {
        forEachGroup(images, shown, parameters, into: &results, on: pool) { _, _, _ in }
    }

    public func differentiate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool
    ) {
        let weight = -1 / Float(shown.count)
        forEachGroup(images, shown, parameters, into: &results, on: pool) {
            [gradients, prepared, regression, regressionErrors] pass, group, count in
            regressionErrors[group] = pass.backPropagate(
                count: count, weight: weight, parameters: prepared, gradient: gradients[group], inputSlopes: nil,
                regression: regression)
        }
        objective = Double(weight) * results.reduce(0, +)
        let groups = (shown.count + groupSize - 1) / groupSize, part = 1 << 12, span = parameterSpan
        if let regression {
            let squares = (0..<groups).reduce(0.0) { $0 + regressionErrors[$1] }
            objective -= Double(weight * regression.importance) * squares
        }
        pool.forEach((span + part - 1) / part) { [gradient, gradients] index in
            let places = index * part..<min((index + 1) * part, span)
            for k in places { gradient[k] = gradients[0][k] }
            for group in 1..<max(groups, 1) {
                for k in places { gradient[k] += gradients[group][k] }
            }
        }
    }

    private func forEachGroup(
        _ images: UnsafePointer<Float>, _ shown: ShownImages, _ parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool, _ body: (ConvolutionalPass, Int, Int) -> Void
    ) {
        precondition(shown.count <= batchCapacity && results.count == shown.count)
        let dimension = dimension
        prepared.refresh(from: parameters)
        results.withUnsafeMutableBufferPointer { results in
            guard let values = results.baseAddress else { return }
            pool.forEach((shown.count + groupSize - 1) / groupSize) { group in
                let first = group * groupSize, count = min(groupSize, shown.count - first)
                let missing = missing.map { $0 + first * dimension }
                if let missing {
                    for image in 0..<count {
                        holes.fill(
                            missing + image * dimension, seed: shown.seed, epoch: shown.epoch,
                            number: shown.numbers[first + image])
                    }
                }
                guard let pass = passes.withLock({ $0.popLast() }) else { return }
                let source = addNoise(to: images + first * dimension, first..<first + count, shown, for: pass)
                pass.evaluate(
                    source, missing: missing.map { UnsafePointer($0) }, count: count,
                    parameters: prepared, into: values + first)
                body(pass, group, count)
                passes.withLock { $0.append(pass) }
            }
        }
    }

    /// A group's images with the noise that they are shown with, of whose levels the pass is told; as they are where the flow
    /// is told of none.
    private func addNoise(
        to images: UnsafePointer<Float>, _ places: Range<Int>, _ shown: ShownImages, for pass: ConvolutionalPass
    ) -> UnsafePointer<Float> {
        guard let noise, let noisy else { return images }
        let target = noisy + places.lowerBound * dimension
        target.update(from: images, count: places.count * dimension)
        pass.set(
            noises: places.enumerated().map { index, place in
                noise.add(
                    to: target + index * dimension, seed: shown.seed, epoch: shown.epoch, number: shown.numbers[place])
            })
        return UnsafePointer(target)
    }

    /// What the last `differentiate` gave the gradient of: −(Σ log p) / count, and what the regression adds.
    package private(set) var objective = 0.0

    public func gradient(of tensor: Int) -> ParameterGradient {
        let layout = tensors[tensor]
        return ParameterGradient(
            values: gradient + layout.offset, stride: layout.stride, rows: layout.rows, columns: layout.columns,
            rowIndex: nil, columnIndex: nil)
    }

    /// Convolutions as the identity, couplings that change nothing: the model begins as a normal density of pixels on the
    /// logit scale, that of patches as the normal density with their mean and covariance. The networks' other weights are normal with variance 2 / inputs (He et al., "Delving Deep into
    /// Rectifiers", 2015).
    public func initialize(_ parameters: UnsafeMutablePointer<Float>, moments: PixelMoments, seed: UInt64) {
        precondition(moments.means.count == dimension)
        for (index, tensor) in tensors.enumerated() {
            let isLast =
                tensor.name.hasSuffix(".out.weight") || tensor.name.hasSuffix(".second.weight")
                || tensor.name == regression?.weight.name
            guard tensor.isTransposed, !isLast else { continue }
            let draws = NormalDistribution(mean: 0, standardDeviation: (2 / Double(tensor.rows)).squareRoot()).draws(
                tensor.count, from: Philox(seed: seed, stream: RandomPurpose.initialization.stream(epoch: index)))
            tensor.load(draws.map { Float($0) }, into: parameters)
        }
        if architecture.positions == 1, architecture.scale == .linear { whiten(parameters, moments) }
    }

    /// The first step's factors and bias ← those that make the numbers of a patch, in its order, independent with variance 1:
    /// z = C⁻¹ (x − mean) with C Cᵀ the covariance. C⁻¹ is a lower triangle, which is L diag(s).
    private func whiten(_ parameters: UnsafeMutablePointer<Float>, _ moments: PixelMoments) {
        let depth = architecture.depth, pixels = architecture.pixels
        let order = architecture.permutations[0].map { pixels[$0] }
        let covariance = moments.covariance()
        var ordered = Matrix(rows: depth, columns: depth)
        for i in 0..<depth {
            for j in 0..<depth { ordered[i, j] = covariance[order[i], order[j]] }
        }
        // What is not positive definite in double precision begins as the identity, as other models do.
        guard let factor = try? CholeskyFactor(of: ordered) else { return }
        var lower = [Float](repeating: 0, count: depth * depth), scales: [Float] = []
        for j in 0..<depth {
            let column = factor.solveTransposed((0..<depth).map { $0 == j ? 1 : 0 })
            scales.append(Float(ElementaryFunction.log(column[j])))
            for i in j + 1..<max(depth, j + 1) { lower[i * depth + j] = Float(column[i] / column[j]) }
        }
        let center = factor.solveTransposed(order.map { moments.means[$0] })
        let layout = ConvolutionalArchitecture.Layout(architecture), step = layout.steps[0]
        tensors[step.lower].load(lower, into: parameters)
        tensors[step.logScale].load(scales, into: parameters)
        tensors[step.bias].load(center.map { Float(-$0) }, into: parameters)
    }

    private static func groupSize(of architecture: ConvolutionalArchitecture) -> Int {
        min(max(16, 784 / architecture.positions), 128)
    }
}
