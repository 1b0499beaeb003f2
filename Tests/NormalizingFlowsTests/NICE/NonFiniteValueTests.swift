import Fixtures
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

/// Numbers that leave single precision: refused when the weights are loaded where ordinary images
/// make them, an error that names what made them where an input does.
@Suite struct NonFiniteValueTests {
    private static let small = SmallModel(dimension: 16, width: 30)

    private func load(_ model: SmallModel, _ precision: Precision = .float32) throws -> NICE {
        try model.withFile { try NICE(Checkpoint(contentsOf: $0), precision: precision) }
    }

    @Test func anOverflowNamesTheLayerThatMadeIt() throws {
        let small = Self.small.overflowing(), nice = try load(small), workspace = try nice.makeWorkspace()
        let expected = NonFiniteValue(.layer("coupling.0.mid_block.0.0"))
        for _ in 0..<2 {
            nice.evaluate(small.overflowingImage, in: workspace)
            #expect(throws: expected) { try workspace.requireFiniteValue() }
            nice.differentiate(small.overflowingImage, in: workspace)
            #expect(throws: expected) { _ = try workspace.finiteGradient() }
            // It leaves nothing behind.
            nice.differentiate(Array(repeating: 0.5, count: 16), in: workspace)
            _ = try workspace.finiteGradient()
            #expect(workspace.logProbability.isFinite)
        }
        #expect(
            expected.description
                == "the output of coupling.0.mid_block.0.0 leaves the range of single precision")
    }

    /// Two units of opposite sign that both overflow make NaN of the next layer, which ReLU turns into 0.
    @Test func whatReLUHidesIsFoundAllTheSame() throws {
        var small = Self.small.overflowing()
        for unit in 0..<small.width where unit % 2 == 1 {
            small = small.replacing("coupling.0.mid_block.0.0.weight", at: unit * small.width, with: -1e18)
        }
        let nice = try load(small), workspace = try nice.makeWorkspace()
        nice.evaluate(small.overflowingImage, in: workspace)
        #expect(throws: NonFiniteValue.self) { try workspace.requireFiniteValue() }
    }

    @Test func decodingNamesWhatOverflows() throws {
        let nice = try load(Self.small), workspace = try nice.makeWorkspace()
        var latent = [Float](repeating: 0, count: 16)
        latent[5] = 3e38
        let large = Self.small.replacing("scaling.scale", at: 5, with: -30)
        let loaded = try load(large), other = try loaded.makeWorkspace()
        #expect(throws: NonFiniteValue(.scaling(pixel: 5))) { try loaded.decode(latent, in: other) }
        #expect(throws: NonFiniteValue.self) { try nice.decode(latent, in: workspace) }
        latent[5] = 1e3
        let x = try nice.decode(latent, in: workspace)
        let isFinite = x.allSatisfy(\.isFinite)
        #expect(isFinite)
    }

    /// A weights file of one extreme number: what it is refused with, or nil.
    struct Extreme: CustomTestStringConvertible {
        let tensor: String
        let index: Int
        let value: Float
        let precision: Precision
        let refusal: String?

        var testDescription: String { "\(value) in \(tensor), \(precision.rawValue)" }

        init(_ tensor: String, _ index: Int, _ value: Float, _ precision: Precision, _ refusal: String?) {
            (self.tensor, self.index, self.value, self.precision, self.refusal) = (
                tensor, index, value, precision, refusal
            )
        }
    }

    @Test(arguments: [
        Extreme("coupling.1.out_block.weight", 31, 65504, .float16, nil),
        Extreme(
            "coupling.1.out_block.weight", 31, 65536, .float16, "element [1, 1] is 65536.0, which float16 cannot hold"),
        Extreme("coupling.1.out_block.weight", 31, -1e30, .float16, "element [1, 1] is -1e+30"),
        Extreme("coupling.1.out_block.weight", 31, 65536, .float32, nil),
        Extreme("coupling.0.in_block.0.weight", 0, 1e30, .float32, "element [0, 0] is 1e+30"),
        Extreme(
            "coupling.3.mid_block.0.0.weight", 899, .greatestFiniteMagnitude, .float32,
            "element [29, 29] is 3.4028235e+38"),
        Extreme("coupling.2.in_block.0.bias", 7, -1e30, .float32, "element [7] is -1e+30; a bias lies within"),
        Extreme("coupling.2.out_block.bias", 7, .nan, .float16, "element [7] is nan, which no weight can be"),
        Extreme("scaling.scale", 9, 87, .float16, nil),
        Extreme("scaling.scale", 9, -30, .float32, nil),
        // Its inverse is a number, and what it makes of a draw is not.
        Extreme(
            "scaling.scale", 9, -87, .float32, "for an ordinary image or draw, the output of scaling.scale at pixel 9"),
        Extreme("scaling.scale", 9, 89, .float16, "element [0, 9] is 89.0"),
        Extreme("scaling.scale", 9, -89, .float32, "element [0, 9] is -89.0"),
        Extreme("scaling.scale", 0, -.infinity, .float32, "element [0, 0] is -inf"),
        Extreme(
            NICEArchitecture.trainingMeanName, 3, 1.5, .float16, "element [3] is 1.5; a pixel of a mean lies in 0…1"),
        Extreme(NICEArchitecture.trainingMeanName, 3, .nan, .float16, "element [3] is nan"),
        Extreme(NICEArchitecture.trainingFactorName, 4, .nan, .float16, "element [4] is nan"),
        Extreme(
            NICEArchitecture.trainingFactorName, 4, -1.5, .float16, "element [4] is -1.5; a factor of images in 0…1"),
        Extreme(NICEArchitecture.trainingFactorName, 5, 0, .float32, "element [5] is 0.0, on the diagonal"),
        Extreme(NICEArchitecture.trainingFactorName, 9, -0.5, .float32, "element [9] is -0.5, on the diagonal"),
        Extreme(NICEArchitecture.trainingFactorName, 9, 1 / 2048, .float32, nil),
    ])
    func extremeWeightsAreRefusedByTensorAndPlace(one: Extreme) throws {
        let small = Self.small.replacing(one.tensor, at: one.index, with: one.value)
        do {
            _ = try load(small, one.precision)
            #expect(one.refusal == nil)
        } catch let error as CheckpointError {
            let refusal = try #require(one.refusal)
            #expect(error.description.contains("tensor \"\(one.tensor)\": \(refusal)"))
        }
    }

    /// Weights each of which is allowed, and which together leave single precision.
    @Test func layersThatOverflowTogetherAreRefused() throws {
        var small = Self.small
        for name in ["coupling.0.in_block.0.weight", "coupling.0.mid_block.0.0.weight"] {
            for index in small[name].indices { small = small.replacing(name, at: index, with: 1e17) }
        }
        let error = #expect(throws: CheckpointError.self) { _ = try load(small) }
        #expect(error?.place == "tensor \"coupling.0.mid_block.0.0.weight\"")
        #expect(error?.reason.contains("of an ordinary image") == true)
    }

    /// Any number anywhere: a refusal in one line, or a model whose every result is finite or an error.
    @Test func anyModelThatLoadsGivesFiniteNumbersOrErrors() throws {
        let extremes: [Float] = [
            0, .leastNonzeroMagnitude, 1e-30, 1e3, -6e4, 65504, 1e5, -1e9, 1e17, -1e18, 1e19, -1e25, 1e38,
            -.greatestFiniteMagnitude,
        ]
        let small = SmallModel(dimension: 6, couplings: 2, hiddenLayers: 3, width: 5)
        var loads = 0, errors = 0
        for round in 0..<600 {
            let draws = UniformDistribution.standard.draws(16, from: Philox(seed: 77, stream: UInt64(round)))
            func draw(_ index: Int, below count: Int) -> Int { min(Int(draws[index] * Double(count)), count - 1) }
            var model = small
            for change in 0...draw(0, below: 4) {
                let tensor = model.tensors[draw(3 * change + 1, below: model.tensors.count)]
                model = model.replacing(
                    tensor.name, at: draw(3 * change + 2, below: tensor.values.count),
                    with: extremes[draw(3 * change + 3, below: extremes.count)])
            }
            guard let nice = try? load(model, round % 2 == 0 ? .float16 : .float32) else { continue }
            loads += 1
            let workspace = try nice.makeWorkspace()
            for image: [Float] in [
                [0, 0, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 1, 1], draws[0..<6].map { Float($0) },
            ] {
                nice.differentiate(image, in: workspace)
                do {
                    _ = try workspace.finiteGradient()
                    let isFinite = workspace.latent.allSatisfy(\.isFinite) && workspace.gradient.allSatisfy(\.isFinite)
                    #expect(isFinite && workspace.logProbability.isFinite)
                } catch { errors += 1 }
                do {
                    let x = try nice.decode(image.map { 1e6 * $0 }, in: workspace)
                    let isFinite = x.allSatisfy(\.isFinite)
                    #expect(isFinite)
                } catch { errors += 1 }
            }
        }
        #expect(loads > 50 && errors > 0)
    }
}
