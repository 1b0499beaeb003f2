import Fixtures
import Foundation
import LinearAlgebra
import NormalizingFlows
import Testing

import Training

/// A small model's parameters in a flow that can be trained.
struct SmallFlow {
    let model: SmallModel
    let flow: TrainableNICE
    let parameters: ParameterStore
    let pool: ThreadPool
    /// (count, D)
    let images: [Float]
    let count: Int

    init(_ model: SmallModel = SmallModel(), count: Int = 7, threads: Int = 1) throws {
        self.model = model
        self.count = count
        let architecture = NICEArchitecture(
            dimension: model.dimension, couplings: model.couplings, hiddenLayers: model.hiddenLayers,
            width: model.width)
        flow = try TrainableNICE(architecture, batchCapacity: count)
        parameters = try ParameterStore(of: flow, averages: true)
        for tensor in flow.tensors { tensor.load(model[tensor.name], into: parameters.weights) }
        pool = try ThreadPool(threads: threads)
        images = (0..<count * model.dimension).map { Float($0 * 37 % 101) / 101 }
    }

    func image(_ index: Int) -> [Float] {
        Array(images[index * model.dimension..<(index + 1) * model.dimension])
    }

    /// All images as they are shown in an epoch.
    func shown(dropoutRate: Double = 0, seed: UInt64 = 0, epoch: Int = 0, first: Int = 0) -> ShownImages {
        ShownImages(seed: seed, epoch: epoch, numbers: Array(first..<first + count), dropoutRate: dropoutRate)
    }

    /// log p of each image, and the gradient of the mean of −log p in the layout of the file.
    func differentiate(_ shown: ShownImages? = nil) -> (values: [Double], gradient: [String: [Float]]) {
        var values = [Double](repeating: 0, count: count)
        flow.differentiate(
            images, shown: shown ?? self.shown(), parameters: parameters.weights, into: &values, on: pool)
        var gradients: [String: [Float]] = [:]
        for (index, tensor) in flow.tensors.enumerated() {
            let gradient = flow.gradient(of: index)
            var dense = [Float](repeating: 0, count: flow.parameterSpan)
            dense.withUnsafeMutableBufferPointer { dense in
                guard let start = dense.baseAddress else { return }
                for row in 0..<gradient.rows {
                    let place = gradient.rowIndex.map { Int($0[row]) } ?? row
                    gradient.expand(row, into: start + tensor.offset + place * tensor.stride)
                }
            }
            gradients[tensor.name] = tensor.exported(dense)
        }
        return (values, gradients)
    }
}

@Suite struct TrainableNICETests {
    static let models = [
        SmallModel(), SmallModel(dimension: 4, couplings: 3, hiddenLayers: 1, width: 5, seed: 2),
        SmallModel(dimension: 8, couplings: 2, hiddenLayers: 3, width: 20, hiddenBias: -1, seed: 3),
    ]

    @Test(arguments: 0..<3) func theLogLikelihoodIsTheReferences(number: Int) throws {
        let small = try SmallFlow(Self.models[number])
        let reference = ReferenceNICE(small.model)
        var values = [Double](repeating: 0, count: small.count)
        small.flow.evaluate(
            small.images, shown: small.shown(), parameters: small.parameters.weights, into: &values, on: small.pool)
        for index in 0..<small.count {
            let expected = reference.logProbability(small.image(index).map(Double.init))
            #expect(abs(values[index] - expected) < 1e-4 * max(1, abs(expected)))
        }
        #expect(small.differentiate().values == values)
    }

    /// Every weight, bias and scale of three models, by central differences in double precision.
    @Test(arguments: 0..<3) func theGradientIsTheLimitOfDifferences(number: Int) throws {
        let small = try SmallFlow(Self.models[number])
        let gradient = small.differentiate().gradient
        func loss(_ model: SmallModel) -> Double {
            let reference = ReferenceNICE(model)
            return (0..<small.count).reduce(0) { sum, index in
                sum - reference.logProbability(small.image(index).map(Double.init)) / Double(small.count)
            }
        }
        var largest = 0.0
        for tensor in small.flow.tensors {
            let values = small.model[tensor.name]
            for index in values.indices {
                let up = values[index] + 0x1p-14, down = values[index] - 0x1p-14
                let difference =
                    (loss(small.model.replacing(tensor.name, at: index, with: up))
                        - loss(small.model.replacing(tensor.name, at: index, with: down))) / Double(up - down)
                let found = Double(gradient[tensor.name]?[index] ?? .nan)
                largest = max(largest, abs(found))
                #expect(
                    abs(found - difference) < 2e-3 * max(1, abs(difference)),
                    "\(tensor.name)[\(index)]: \(found), by differences \(difference)")
            }
        }
        #expect(largest > 0.1)
    }

    @Test func aUnitThatNoImageActivatesHasNoGradientAndChangesNothing() throws {
        // With this bias most units are inactive for all images, and are left out of all products.
        let small = try SmallFlow(Self.models[2])
        _ = small.differentiate()
        let first = small.flow.gradient(of: small.flow.weight(0, 1))
        #expect(first.rowIndex != nil && first.rows < small.model.width)
    }

    @Test func theBitsDoNotDependOnThreads() throws {
        let model = SmallModel(dimension: 40, couplings: 4, hiddenLayers: 3, width: 130, seed: 4)
        let one = try SmallFlow(model, count: 50).differentiate()
        let three = try SmallFlow(model, count: 50, threads: 3).differentiate()
        #expect(one.values == three.values)
        #expect(one.gradient == three.gradient)
    }

    @Test func droppedUnitsAreThoseOfTheImageNotOfItsPlace() throws {
        let small = try SmallFlow()
        let forwards = small.differentiate(small.shown(dropoutRate: 0.5, seed: 3, epoch: 1, first: 4))
        let again = small.differentiate(small.shown(dropoutRate: 0.5, seed: 3, epoch: 1, first: 4))
        let other = small.differentiate(small.shown(dropoutRate: 0.5, seed: 3, epoch: 2, first: 4))
        #expect(forwards.values == again.values)
        #expect(forwards.gradient == again.gradient)
        #expect(forwards.values != other.values)
        #expect(forwards.values != small.differentiate().values)
    }

    /// With units left out the gradient is still that of what was computed: along the gradient a small step changes
    /// the value as it says.
    @Test func theGradientUnderDropoutIsThatOfWhatIsComputed() throws {
        let small = try SmallFlow(SmallModel(dimension: 6, couplings: 2, hiddenLayers: 2, width: 12, seed: 8))
        let dropout = small.shown(dropoutRate: 0.3, seed: 5)
        let (values, gradient) = small.differentiate(dropout)
        let squared = gradient.values.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
        let step = 1e-3 / squared.squareRoot()
        for sign in [1.0, -1.0] {
            for tensor in small.flow.tensors {
                let moved = zip(small.model[tensor.name], gradient[tensor.name] ?? []).map {
                    $0 + Float(sign * step) * $1
                }
                tensor.load(moved, into: small.parameters.weights)
            }
            let change = (values.reduce(0, +) - small.differentiate(dropout).values.reduce(0, +)) / Double(small.count)
            #expect(abs(change - sign * step * squared) < 0.05 * step * squared)
        }
    }

    @Test func tensorsGoOutAsTheyCameIn() throws {
        let small = try SmallFlow()
        for tensor in small.flow.tensors {
            #expect(tensor.exported(small.parameters.weights) == small.model[tensor.name])
        }
    }

    @Test func latentsBeginWithTheLogisticDeviation() throws {
        let small = try SmallFlow()
        let deviations = (0..<6).map { 0.1 + 0.05 * Double($0) }
        let moments = PixelMoments(means: deviations, deviations: deviations) { Matrix(diagonal: deviations) }
        small.flow.initialize(small.parameters.weights, moments: moments, seed: 1)
        let scale = small.flow.tensors[small.flow.scale].exported(small.parameters.weights)
        for k in 0..<6 {
            // The logistic distribution's deviation is π/√3.
            let latent = Double(scale[k]) + log(deviations[k])
            #expect(abs(latent - log(Double.pi / 3.squareRoot())) < 1e-6)
        }
    }
}
