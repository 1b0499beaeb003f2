import Compute
import Fixtures
import NormalizingFlows
import Statistics
import Testing

/// Several models at once.
@Suite struct ServedModelTests {
    private static let dimension = 16

    private static func models(seed: UInt64 = 5) throws -> [ServedModel] {
        let nice = try SmallModel(dimension: dimension, width: 30).withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        let flow = try SmallConvolutionalModel(seed: seed).withFile {
            try LoadedModel(contentsOf: $0, named: "flow", precision: .float16)
        }
        let conditional = try SmallConvolutionalModel(isConditional: true).withFile {
            try LoadedModel(contentsOf: $0, named: "conditional", precision: .float16)
        }
        return [ServedModel("nice", nice), ServedModel("flow", flow), ServedModel("conditional", conditional)]
    }

    private func run(_ stream: UInt64, iterations: Int) -> InpaintingRun {
        let draws = UniformDistribution.standard.draws(
            2 * Self.dimension, from: Philox(seed: 4, stream: stream)
        ).map { Float($0) }
        let specification = InpaintingSpecification(
            image: Array(draws[..<Self.dimension]), known: draws[Self.dimension...].map { $0 < 0.6 })
        return InpaintingRun(
            specification, from: Array(repeating: 0.5, count: Self.dimension),
            rule: AdaptiveStep(dimension: Self.dimension, iterations: iterations),
            limits: .init(iterations: iterations, traceEvery: 7))
    }

    private func bits(_ run: InpaintingRun) -> [UInt64] {
        run.answer.map { UInt64($0.bitPattern) } + [run.logLikelihood?.bitPattern ?? 0]
            + run.trace.map(\.logLikelihood.bitPattern)
    }

    @Test func eachModelHasItsNameAndTheFirstIsTheDefault() async throws {
        let compute = try Compute(models: Self.models(), configuration: .init(threads: 1))
        defer { compute.stop() }
        #expect(compute.standard.name == "nice" && compute.models["flow"]?.model.name == "flow")
        #expect(compute.models[compute.standard.model.name]?.name == "nice")
        #expect(compute.models["glow"] == nil && compute.models.all.map(\.name) == ["nice", "flow", "conditional"])
    }

    /// Alone or among strangers of all models, some of whom leave: the same bits, on any number of threads.
    @Test(arguments: 1...3) func whoeverElseAsksWhicheverModelTheSameBits(threads: Int) async throws {
        let lonely = try Compute(models: Self.models(), configuration: .init(threads: 1))
        let busy = try Compute(models: Self.models(), configuration: .init(threads: threads, batch: 8))
        defer {
            lonely.stop()
            busy.stop()
        }
        for name in ["nice", "flow"] {
            let alone = try await lonely.inpaint(run(0, iterations: 60), by: lonely.models[name]?.model).value
            let crowd = (1...24).map { stream in
                Task {
                    let model = busy.models[stream % 2 == 0 ? "nice" : "flow"]?.model
                    return try await busy.inpaint(run(UInt64(stream), iterations: 20 + stream), by: model).value
                }
            }
            for (index, task) in crowd.enumerated() where index % 3 == 0 { task.cancel() }
            let among = try await busy.inpaint(run(0, iterations: 60), by: busy.models[name]?.model).value
            #expect(bits(among) == bits(alone))
            for task in crowd { _ = await task.result }
        }
    }

    @Test func likelihoodsDrawsAndMeansDoNotDependOnTheThreads() async throws {
        var seen: [[Double]] = []
        for threads in [1, 3] {
            let compute = try Compute(models: Self.models(), configuration: .init(threads: threads))
            defer { compute.stop() }
            let image = [Float](repeating: 0.3, count: Self.dimension)
            let flow = compute.models["flow"]?.model, conditional = compute.models["conditional"]?.model
            var numbers = [try await compute.likelihood(of: image, by: flow).value.logLikelihood]
            numbers.append(
                try await compute.likelihood(of: image, missing: image.indices.map { $0 < 5 }, by: conditional).value
                    .logLikelihood)
            let draws = try await compute.sample(5, by: flow, using: Philox(seed: 1)).value
            numbers += draws.flatMap { [$0.logLikelihood] + $0.image.map(Double.init) }
            numbers += try await compute.curvature(by: flow).value.map(Double.init)
            numbers += try await compute.conditionalMean(
                of: image, known: image.indices.map { $0 < 5 }, by: flow
            ).value.image.map(Double.init)
            seen.append(numbers)
        }
        #expect(seen[0] == seen[1] && seen[0].allSatisfy(\.isFinite))
    }

    /// What a file does not record, draws of the model give.
    @Test func aFlowWithoutStatisticsDrawsItsOwn() async throws {
        let model = try SmallConvolutionalModel(hasStatistics: false).withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        let compute = try Compute(model: model, configuration: .init(threads: 2))
        defer { compute.stop() }
        let mean = try await compute.meanImage()
        let draws = try await compute.sample(2048, using: Philox(seed: 0)).value
        for k in 0..<Self.dimension {
            let expected = draws.reduce(0.0) { $0 + Double($1.image[k]) } / 2048
            #expect(abs(Double(mean[k]) - expected) < 1e-6)
        }
        let known = (0..<Self.dimension).map { $0 < 8 }
        let conditional = try await compute.conditionalMean(of: mean, known: known).value
        #expect(conditional.image.allSatisfy(\.isFinite) && conditional.deviations.allSatisfy(\.isFinite))
    }

    /// Work under way ends with the model that it began with; what comes later has the new one.
    @Test func aModelThatIsReplacedEndsWhatItBegan() async throws {
        let old = try Self.models(), new = try Self.models(seed: 6)
        let reference = try Compute(models: old, configuration: .init(threads: 1))
        let compute = try Compute(models: old, configuration: .init(threads: 2))
        defer {
            reference.stop()
            compute.stop()
        }
        let expected = try await reference.inpaint(run(1, iterations: 2000), by: old[1].model).value
        let served = try #require(compute.models["flow"])
        let underWay = Task { try await compute.inpaint(run(1, iterations: 2000), by: served.model).value }
        while compute.workUnderWay == 0 { await Task.yield() }
        compute.models.replace(by: new[1])
        #expect(try await bits(underWay.value) == bits(expected))
        let image = [Float](repeating: 0.3, count: Self.dimension)
        let now = try await compute.likelihood(of: image, by: compute.models["flow"]?.model).value
        #expect(try await now.logLikelihood != compute.likelihood(of: image, by: served.model).value.logLikelihood)
        #expect(compute.models.all.map(\.name) == old.map(\.name))
    }

    /// The threads' workspaces do not keep a model for ever that was replaced.
    @Test func aReplacedModelIsGivenUp() async throws {
        let compute = try Compute(models: Self.models(), configuration: .init(threads: 1))
        defer { compute.stop() }
        let image = [Float](repeating: 0.3, count: Self.dimension)
        weak var old: LoadedModel?
        do {
            let model = try #require(compute.models["flow"]).model
            _ = try await compute.likelihood(of: image, by: model)
            old = model
        }
        compute.models.replace(by: try Self.models(seed: 6)[1])
        for _ in 0..<100 { _ = try await compute.likelihood(of: image) }
        #expect(old == nil)
    }
}
