import Compute
import Fixtures
import NormalizingFlows
import Statistics
import Testing

@Suite struct EvaluationTests {
    /// Idle threads join an evaluation between two couplings.
    @Test(arguments: 1...4)
    func evaluationsHaveTheSameBitsWhoeverHelps(threads: Int) async throws {
        let small = SmallModel(dimension: 64, hiddenLayers: 3, width: 300, hiddenBias: -0.5)
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: .float16) }
        let compute = try Compute(
            model: model, configuration: .init(threads: threads, batch: 64, queue: 256))
        let workspace = try model.flow.makeWorkspace()
        for stream in 0..<60 {
            let image = UniformDistribution.standard.draws(64, from: Philox(seed: 8, stream: UInt64(stream % 7)))
                .map { Float($0) }
            model.flow.evaluate(image, in: workspace)
            let likelihood = try await compute.likelihood(of: image).value
            #expect(likelihood.logLikelihood == workspace.logProbability)
            #expect(try await compute.encode(image).value == workspace.latent)
        }
        // Also beside an ascent that wants the threads, too.
        async let ascent = compute.inpaint(
            InpaintingRun(
                InpaintingSpecification(
                    image: Array(repeating: 0.5, count: 64), known: (0..<64).map { $0 < 32 }),
                from: Array(repeating: 0.5, count: 64),
                rule: AdaptiveStep(dimension: 64, iterations: 400), limits: .init(iterations: 400)))
        let image = [Float](repeating: 0.25, count: 64)
        model.flow.evaluate(image, in: workspace)
        for _ in 0..<50 {
            #expect(try await compute.likelihood(of: image).value.logLikelihood == workspace.logProbability)
        }
        _ = try await ascent
        compute.stop()
    }
}
