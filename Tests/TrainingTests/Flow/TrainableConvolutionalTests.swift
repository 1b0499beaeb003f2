import Glibc
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing
import Training

@Suite struct TrainableConvolutionalTests {
    struct Small {
        let flow: TrainableConvolutional
        let parameters: ParameterStore
        let pool: ThreadPool
        let images: [Float]
        let shown: ShownImages

        init(
            isConditional: Bool, isPatch: Bool = false, isNoisy: Bool = false, isSpline: Bool = false, count: Int = 3,
            threads: Int = 1, regressionWeight: Float = 0
        ) throws {
            let architecture = ConvolutionalArchitecture(
                rows: isPatch ? 4 : 6, columns: 4, block: isPatch ? 4 : 2, steps: 2, hidden: 5,
                conditioner: isConditional ? .init(features: 4, blocks: 2) : nil, scale: isPatch ? .linear : .logit,
                coupling: isSpline ? .spline(RationalQuadraticSpline(bins: 3, bound: 2)) : .affine,
                noise: isNoisy ? NoiseLevels(minimum: 0.01, maximum: 0.2) : nil)
            flow = try TrainableConvolutional(
                architecture, batchCapacity: count, threads: threads, regressionWeight: regressionWeight)
            parameters = try ParameterStore(of: flow, averages: false)
            pool = try ThreadPool(threads: threads)
            for (index, tensor) in flow.tensors.enumerated() {
                let draws = NormalDistribution(mean: 0, standardDeviation: 0.3).draws(
                    tensor.count, from: Philox(seed: 2, stream: UInt64(index)))
                for k in draws.indices where Self.isFree(tensor, k / tensor.columns, k % tensor.columns) {
                    parameters.weights[Self.place(tensor, k)] = Float(draws[k])
                }
            }
            images = UniformDistribution(lower: 0.05, upper: 0.95).draws(
                count * architecture.dimension, from: Philox(seed: 4)
            ).map { Float($0) }
            shown = ShownImages(seed: isConditional ? 2 : 1, epoch: 0, numbers: Array(0..<count))
        }

        static func place(_ tensor: ParameterTensor, _ k: Int) -> Int {
            tensor.offset + k / tensor.columns * tensor.stride + k % tensor.columns
        }

        static func isFree(_ tensor: ParameterTensor, _ i: Int, _ j: Int) -> Bool {
            tensor.name.hasSuffix(".lower") ? j < i : tensor.name.hasSuffix(".upper") ? j > i : true
        }

        func values() -> [Double] {
            var values = [Double](repeating: 0, count: shown.count)
            flow.evaluate(images, shown: shown, parameters: parameters.weights, into: &values, on: pool)
            return values
        }

        func gradient() -> (values: [Double], gradient: [[Float]]) {
            var values = [Double](repeating: 0, count: shown.count)
            flow.differentiate(images, shown: shown, parameters: parameters.weights, into: &values, on: pool)
            let gradients = flow.tensors.enumerated().map { index, tensor in
                let gradient = flow.gradient(of: index)
                return (0..<tensor.count).map { k in
                    gradient.values[k / tensor.columns * gradient.stride + k % tensor.columns]
                }
            }
            return (values, gradients)
        }
    }

    /// Every parameter, by central differences. A difference over a rectifier's kink says something else: a few may.
    @Test(
        arguments: [(false, false), (true, false), (false, true)],
        [(false, false), (true, false), (false, true), (true, true)])
    func theGradientIsTheLimitOfDifferences(
        seen: (known: Bool, noise: Bool), kind: (isPatch: Bool, isSpline: Bool)
    ) throws {
        let small = try Small(
            isConditional: seen.known, isPatch: kind.isPatch, isNoisy: seen.noise, isSpline: kind.isSpline)
        let (values, gradient) = small.gradient()
        #expect(values == small.values())
        var wrong: [String] = [], all = 0
        for (index, tensor) in small.flow.tensors.enumerated() {
            for k in 0..<tensor.count {
                let found = Double(gradient[index][k])
                guard Small.isFree(tensor, k / tensor.columns, k % tensor.columns) else {
                    #expect(found == 0, "\(tensor.name)[\(k)] stays 0")
                    continue
                }
                let place = Small.place(tensor, k), old = small.parameters.weights[place]
                small.parameters.weights[place] = old + 0x1p-9
                let up = small.values().reduce(0, +)
                small.parameters.weights[place] = old - 0x1p-9
                let down = small.values().reduce(0, +)
                small.parameters.weights[place] = old
                let difference = -(up - down) / 0x1p-8 / Double(small.shown.count)
                all += 1
                if abs(found - difference) > 5e-3 * max(1, abs(difference)) {
                    wrong.append("\(tensor.name)[\(k)]: \(found), by differences \(difference)")
                }
            }
        }
        #expect(wrong.count <= all / 50, "\(wrong.count) of \(all): \(wrong.prefix(10))")
    }

    @Test(arguments: [(false, false, 50), (true, false, 50), (false, true, 300)])
    func theBitsDoNotDependOnThreads(isConditional: Bool, isNoisy: Bool, count: Int) throws {
        func small(_ threads: Int) throws -> Small {
            try Small(isConditional: isConditional, isPatch: isNoisy, isNoisy: isNoisy, count: count, threads: threads)
        }
        let one = try small(1).gradient()
        let three = try small(3).gradient()
        #expect(one.values == three.values)
        #expect(one.gradient == three.gradient)
    }

    /// An image's noise depends on its number and the epoch, not on what it is shown with; other levels come about.
    @Test func noiseBelongsToTheImageAndTheEpoch() throws {
        let noise = RandomNoise(levels: NoiseLevels(minimum: 0.01, maximum: 0.25), dimension: 500)
        func shown(_ number: Int, _ epoch: Int?) -> (level: Double, image: [Float]) {
            var image = [Float](repeating: 0.5, count: 500)
            let level = noise.add(to: &image, seed: 1, epoch: epoch, number: number)
            return (level, image)
        }
        var logarithms: [Double] = []
        for number in 0..<400 {
            let (level, image) = shown(number, 3)
            #expect(image == shown(number, 3).image && (0.01...0.25).contains(level))
            let squares = image.reduce(0.0) { $0 + Double(($1 - 0.5) * ($1 - 0.5)) } / 500
            #expect(abs(squares.squareRoot() / level - 1) < 0.2)
            logarithms.append(log(level / 0.01) / log(25))
        }
        #expect(shown(5, 2).image != shown(5, 3).image && shown(5, nil).image != shown(5, 0).image)
        // Uniform on a logarithmic scale: the mean of 400 within 5 standard errors.
        let mean: Double = logarithms.reduce(0, +) / 400, bound: Double = 5 / (12 * 400.0).squareRoot()
        #expect(abs(mean - 0.5) < bound)
    }

    @Test func aHoleBelongsToTheImageAndTheEpoch() throws {
        let holes = RandomHoles(rows: 28, columns: 28, channels: 1)
        func hole(_ number: Int, _ epoch: Int?) -> [Float] {
            var missing = [Float](repeating: .nan, count: 784)
            holes.fill(&missing, seed: 1, epoch: epoch, number: number)
            return missing
        }
        var shares: [Double] = []
        for number in 0..<300 {
            let missing = hole(number, 2)
            #expect(missing == hole(number, 2))
            #expect(missing.allSatisfy { $0 == 0 || $0 == 1 } && missing.contains(1))
            shares.append(Double(missing.reduce(0, +)) / 784)
        }
        #expect(hole(5, 2) != hole(5, 3) && hole(5, 2) != hole(6, 2) && hole(5, nil) != hole(5, 0))
        // Small holes and large ones.
        #expect(shares.contains { $0 < 0.15 } && shares.contains { $0 > 0.85 })
    }

    @Test func aConditionalFlowIsADensityOfTheMissingPixels() throws {
        let small = try Small(isConditional: true, count: 9)
        let whole = try Small(isConditional: false, count: 9)
        #expect(whole.flow.densityDimension(of: whole.shown) == 9 * 24)
        let count = small.flow.densityDimension(of: small.shown)
        #expect(count > 0 && count < 9 * 24)
    }

    /// log p of each image is that of the normal density with the patches' mean and covariance.
    @Test func aModelOfPatchesBeginsAsTheirNormalDensity() throws {
        let small = try Small(isConditional: false, isPatch: true), depth = 16
        let draws = UniformDistribution(lower: -0.3, upper: 0.3).draws(depth * depth, from: Philox(seed: 5))
        var covariance = Matrix(diagonal: Array(repeating: 0.05, count: depth))
        for i in 0..<depth {
            for j in 0..<depth {
                for k in 0..<depth { covariance[i, j] += draws[i * depth + k] * draws[j * depth + k] }
            }
        }
        let means = (0..<depth).map { 0.3 + 0.02 * Double($0) }
        let store = try ParameterStore(of: small.flow, averages: false)
        small.flow.initialize(
            store.weights, moments: PixelMoments(means: means, deviations: means) { covariance }, seed: 3)
        var values = [Double](repeating: 0, count: small.shown.count)
        small.flow.evaluate(
            small.images, shown: small.shown, parameters: store.weights, into: &values, on: small.pool)
        let factor = try CholeskyFactor(of: covariance)
        for (number, value) in values.enumerated() {
            let x = (0..<depth).map { Double(small.images[number * depth + $0]) - means[$0] }
            let z = factor.solveTransposed(x)
            var expected = -0.5 * Double(depth) * log(2 * Double.pi)
            for k in 0..<depth { expected -= 0.5 * z[k] * z[k] + log(factor.upper[k, k]) }
            #expect(abs(value - expected) < 1e-3)
        }
    }
}
