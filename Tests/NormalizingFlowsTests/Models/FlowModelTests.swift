import Fixtures
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

/// The laws of every kind of model, by way of its file.
@Suite struct FlowModelTests {
    enum Kind: CaseIterable, Sendable {
        case nice, convolutional, conditional

        func load() throws -> any FlowModel {
            switch self {
            case .nice:
                try SmallModel(dimension: 16).withFile { try Checkpoint(contentsOf: $0).flowModel(precision: .float32) }
            case .convolutional:
                try SmallConvolutionalModel().withFile { try Checkpoint(contentsOf: $0).flowModel(precision: .float16) }
            case .conditional:
                try SmallConvolutionalModel(isConditional: true).withFile {
                    try Checkpoint(contentsOf: $0).flowModel(precision: .float16)
                }
            }
        }
    }

    private func image(_ stream: UInt64, _ model: any FlowModel) -> [Float] {
        UniformDistribution(lower: 0.1, upper: 0.9).draws(model.dimension, from: Philox(seed: 3, stream: stream))
            .map { Float($0) }
    }

    /// Half of the pixels, of a conditional model; all of them are missing in image 0.
    private func missing(_ stream: UInt64, _ model: any FlowModel) -> [Bool]? {
        guard model.isConditional else { return nil }
        return UniformDistribution.standard.draws(model.dimension, from: Philox(seed: 4, stream: stream))
            .map { stream == 0 || $0 < 0.5 }
    }

    @Test(arguments: Kind.allCases) func aModelSaysWhatItIs(kind: Kind) throws {
        let model = try kind.load()
        #expect(model.dimension == 16 && model.isConditional == (kind == .conditional))
        #expect(model.memoryBytes >= 2 * model.flowArchitecture.parameterCount)
        #expect(model.trainingMean?.count == 16 && model.trainingFactor?.count == 16 * 17 / 2)
        let other = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        #expect(workspace.fits(model) && !workspace.fits(other))
    }

    @Test(arguments: Kind.allCases) func thePartsOfTheLogLikelihoodAddUp(kind: Kind) throws {
        let model = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        for stream: UInt64 in 0..<5 {
            let hole = missing(stream, model)
            model.evaluate(image(stream, model), missing: hole, in: workspace)
            let sum = workspace.logPrior + workspace.logAbsDetJacobian
            #expect(abs(sum - workspace.logProbability) <= 1e-9 * abs(workspace.logProbability))
            // The latent's density is that of the prior: standard normal or standard logistic.
            let prior = workspace.latent.indices.reduce(0.0) { sum, k in
                let z = Double(workspace.latent[k])
                guard hole?[k] ?? true else { return sum }
                return sum
                    + (kind == .nice
                        ? LogisticDistribution.standard.logDensity(z) : NormalDistribution.standard.logDensity(z))
            }
            #expect(abs(prior - workspace.logPrior) <= 1e-6 * max(1, abs(prior)))
        }
    }

    @Test(arguments: Kind.allCases) func bothPassesGiveTheSameBits(kind: Kind) throws {
        let model = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        for stream: UInt64 in 0..<5 {
            let x = image(stream, model), hole = missing(stream, model)
            model.evaluate(x, missing: hole, in: workspace)
            let (value, latent) = (workspace.logProbability, workspace.latent)
            workspace.differentiate(x, missing: hole)
            #expect(workspace.logProbability == value && workspace.latent == latent)
        }
    }

    @Test(arguments: Kind.allCases) func theGradientIsThatOfTheLogLikelihood(kind: Kind) throws {
        let model = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        for stream: UInt64 in 1..<4 {
            let x = image(stream, model), hole = missing(stream, model)
            workspace.differentiate(x, missing: hole)
            let gradient = try workspace.finiteGradient()
            let largest = gradient.reduce(0) { max($0, Double(abs($1))) }
            for k in x.indices {
                guard hole?[k] ?? true else {
                    #expect(gradient[k] == 0)
                    continue
                }
                let values = [Float(0.002), -0.002].map { step in
                    var moved = x
                    moved[k] += step
                    model.evaluate(moved, missing: hole, in: workspace)
                    return workspace.logProbability
                }
                #expect(abs((values[0] - values[1]) / 0.004 - Double(gradient[k])) < 0.02 * largest, "pixel \(k)")
            }
        }
    }

    /// Pure black and white lie within the density, not at its edge: they are what half a level away from it is.
    @Test func aLevelStandsForTheMiddleOfItsInterval() throws {
        let flow = try #require(Kind.convolutional.load() as? ConvolutionalFlow)
        let workspace = try flow.makeWorkspace()
        let pass = try ConvolutionalPass(flow.architecture, capacity: 1, differentiates: false)
        for level in [0, 1, 128, 255] as [Float] {
            flow.evaluate(Array(repeating: level / 255, count: 16), in: workspace)
            var value = 0.0
            let middle = Array(repeating: (255 * (level / 255) + 0.5) / 256, count: 16)
            pass.evaluate(middle, missing: nil, count: 1, parameters: flow.model.parameters, into: &value)
            #expect(workspace.logProbability == value)
        }
    }

    @Test(arguments: [Kind.nice, .convolutional]) func decodeInvertsEncode(kind: Kind) throws {
        let model = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        for stream: UInt64 in 0..<5 {
            let x = image(stream, model)
            model.evaluate(x, in: workspace)
            for (pixel, back) in zip(x, try workspace.decode(workspace.latent)) { #expect(abs(pixel - back) < 1e-4) }
        }
    }

    @Test(arguments: [Kind.nice, .convolutional]) func aDrawDependsOnItsNumberAlone(kind: Kind) throws {
        let model = try kind.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        func draw(_ index: UInt64, _ workspace: any FlowWorkspace) throws -> [Float] {
            try model.sample(index, temperature: 1, in: workspace, using: Philox(seed: 2))
        }
        let draws = try (0..<4).map { try draw($0, workspace) }
        #expect(Set(draws).count == 4)
        #expect(draws.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 <= 1 } })
        for index in [3, 1, 0, 2] { #expect(try draw(UInt64(index), model.makeWorkspace()) == draws[index]) }
    }

    /// Numbers that single precision cannot hold are errors, never results.
    @Test func extremeLatentsAreErrorsOrImages() throws {
        let model = try Kind.convolutional.load(), workspace = try model.makeWorkspace() as any FlowWorkspace
        for value: Float in [1e6, -1e6, 1e37, -3e38, .infinity, .nan] {
            do throws(NonFiniteValue) {
                let image = try workspace.decode(Array(repeating: value, count: 16))
                #expect(image.allSatisfy { $0.isFinite })
            } catch {
                #expect("\(error)".contains("leaves the range of single precision"))
            }
        }
        // And the workspace is as good as before.
        model.evaluate(image(1, model), in: workspace)
        #expect(workspace.logProbability.isFinite)
    }

    @Test func weightsThatMakeNoNumbersOfOrdinaryImagesAreRefused() throws {
        for isConditional in [false, true] {
            let wild = SmallConvolutionalModel(isConditional: isConditional, spread: 1e15)
            let error = #expect(throws: CheckpointError.self) {
                try wild.withFile { try Checkpoint(contentsOf: $0).flowModel(precision: .float32) }
            }
            #expect(error?.description.contains("ordinary image") == true)
        }
    }
}
