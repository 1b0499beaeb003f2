import Compute
import Fixtures
import NormalizingFlows
import Statistics
import Testing

@Suite struct ComputeTests {
    static let dimension = 16

    private func compute(threads: Int = 2, batch: Int = 64, queue: Int = 256) throws -> Compute {
        let small = SmallModel(dimension: Self.dimension, width: 30)
        let model = try small.withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        return try Compute(
            model: model, configuration: .init(threads: threads, batch: batch, queue: queue))
    }

    private func run(_ stream: UInt64, iterations: Int = 50, traceEvery: Int = 0) -> InpaintingRun {
        let draws = UniformDistribution.standard.draws(
            2 * Self.dimension, from: Philox(seed: 4, stream: stream)
        ).map { Float($0) }
        let specification = InpaintingSpecification(
            image: Array(draws[..<Self.dimension]), known: draws[Self.dimension...].map { $0 < 0.6 })
        return InpaintingRun(
            specification, from: Array(repeating: 0.5, count: Self.dimension),
            rule: AdaptiveStep(dimension: Self.dimension, iterations: iterations),
            limits: .init(iterations: iterations, traceEvery: traceEvery))
    }

    private func bits(_ run: InpaintingRun) -> [UInt64] {
        run.answer.map { UInt64($0.bitPattern) } + [run.logLikelihood?.bitPattern ?? 0]
            + run.trace.map(\.logLikelihood.bitPattern)
    }

    @Test func aloneOrAmongStrangersTheSameBits() async throws {
        let lonely = try compute(threads: 1)
        let alone = try await lonely.inpaint(run(0, traceEvery: 7)).value
        lonely.stop()
        for threads in [1, 2, 3] {
            let busy = try compute(threads: threads)
            let crowd = (1...64).map { stream in
                Task {
                    try await busy.inpaint(
                        run(UInt64(stream), iterations: 20 + stream % 50)
                    ).value
                }
            }
            // Some of the strangers leave in the middle.
            for (index, task) in crowd.enumerated() where index % 3 == 0 { task.cancel() }
            let among = try await busy.inpaint(run(0, traceEvery: 7)).value
            #expect(bits(among) == bits(alone))
            for task in crowd { _ = await task.result }
            busy.stop()
        }
    }

    /// Alone, a request has all threads: they share each of its iterations.
    @Test(arguments: 2...6)
    func whoeverHelpsTheSameBits(threads: Int) async throws {
        let one = try compute(threads: 1), many = try compute(threads: threads)
        defer {
            one.stop()
            many.stop()
        }
        let alone = try await one.inpaint(run(3, iterations: 300, traceEvery: 1)).value
        for _ in 0..<3 {
            let helped = try await many.inpaint(run(3, iterations: 300, traceEvery: 1)).value
            #expect(bits(helped) == bits(alone))
        }
    }

    /// Short work does not wait for what is there to end, however long that goes on.
    @Test func shortWorkIsDoneBesideLongRows() async throws {
        let compute = try compute(threads: 1, batch: 4)
        // What comes over one connection is done in its order, so these come over others.
        let long = (0..<8).map { stream in
            let context = WorkContext(client: .init(address: "busy", connection: UInt64(stream)))
            return Task { try await compute.inpaint(run(UInt64(stream), iterations: 100_000_000), in: context) }
        }
        for _ in 0..<5 {
            _ = try await compute.likelihood(of: Array(repeating: 0.5, count: Self.dimension))
        }
        for task in long { task.cancel() }
        for task in long { _ = await task.result }
        compute.stop()
    }

    @Test func aCancelledRequestEndsSoon() async throws {
        let compute = try compute(), progress = ProgressChannel<InpaintingRun>()
        let task = Task {
            try await compute.inpaint(run(0, iterations: 100_000_000, traceEvery: 1), progress: progress)
        }
        // It runs, and stalls soon: nobody reads on.
        _ = await progress.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Nothing is left that would keep the threads from ending.
        compute.stop()
    }

    @Test func aDeadlineHandsOverWhatWasReached() async throws {
        let compute = try compute()
        defer { compute.stop() }
        // On a busy machine the work may not begin in a short time.
        for seconds in [0.05, 0.5, 5, 50] {
            do {
                _ = try await compute.inpaint(
                    run(0, iterations: 100_000_000), in: WorkContext(deadline: .now + .seconds(seconds)))
                Issue.record("the deadline passed unnoticed")
            } catch ComputeError.interrupted(let work) {
                #expect(work.reason == .deadline)
                guard let reached = work.partial as? InpaintingRun else { continue }
                #expect(reached.iteration > 0)
                #expect(work.timing.compute > .zero)
                return
            }
        }
        Issue.record("nothing was reached")
    }

    @Test func theServicesEndHandsOverWhatWasReached() async throws {
        let compute = try compute(), progress = ProgressChannel<InpaintingRun>()
        let task = Task {
            try await compute.inpaint(run(0, iterations: 100_000_000, traceEvery: 100), progress: progress)
        }
        _ = await progress.next()
        compute.endAll()
        do {
            _ = try await task.value
            Issue.record("the work went on")
        } catch ComputeError.interrupted(let work) {
            #expect(work.reason == .shutdown)
            #expect((work.partial as? InpaintingRun)?.logLikelihood != nil)
        }
        await #expect(throws: ComputeError.self) { try await compute.inpaint(run(0)) }
        compute.stop()
    }

    @Test func beyondTheQueueRequestsAreRefused() async throws {
        let compute = try compute(threads: 1, batch: 1, queue: 2)
        // One place and two more requests; none ends by itself.
        let tasks = (0..<12).map { stream in
            Task { try await compute.inpaint(run(UInt64(stream), iterations: 100_000_000)) }
        }
        let refused = await withTaskGroup(of: Bool.self) { group in
            for task in tasks {
                group.addTask {
                    if case .failure(ComputeError.queueFull) = await task.result { return true }
                    return false
                }
            }
            var count = 0
            for await isRefused in group where isRefused {
                count += 1
                // The others wait or run until they are told to stop.
                if count == 9 { for task in tasks { task.cancel() } }
            }
            return count
        }
        #expect(refused >= 9)
        compute.stop()
    }

    @Test func afterDrainingNothingIsTaken() async throws {
        let compute = try compute()
        compute.drain()
        await #expect(throws: ComputeError.self) { try await compute.inpaint(run(0)) }
        compute.stop()
    }

    @Test func progressArrivesInOrderAndEnds() async throws {
        let compute = try compute()
        defer { compute.stop() }
        let channel = ProgressChannel<InpaintingRun>(capacity: 2)
        let work = Task {
            try await compute.inpaint(run(0, iterations: 30, traceEvery: 3), progress: channel)
        }
        var seen: [Int] = []
        while let run = await channel.next() { seen.append(run.trace.last?.iteration ?? -1) }
        #expect(seen == Array(stride(from: 0, through: 30, by: 3)))
        _ = try await work.value
    }

    @Test func likelihoodAndLatentsAgreeWithTheModel() async throws {
        let compute = try compute()
        defer { compute.stop() }
        let image = [Float](repeating: 0.25, count: Self.dimension)
        let likelihood = try await compute.likelihood(of: image).value
        #expect(likelihood.logLikelihood == likelihood.logPrior + likelihood.logAbsDetJacobian)
        let latent = try await compute.encode(image).value
        for (pixel, back) in zip(image, try await compute.decode(latent).value) {
            #expect(abs(pixel - back) < 1e-3)
        }
    }

    @Test func samplesDoNotDependOnTheirNumberOrTheThreads() async throws {
        let one = try compute(threads: 1), three = try compute(threads: 3)
        let few = try await one.sample(3, using: Philox(seed: 9)).value
        let many = try await three.sample(11, using: Philox(seed: 9)).value
        #expect(few.map(\.image) == many.prefix(3).map(\.image))
        #expect(few.map(\.logLikelihood) == many.prefix(3).map(\.logLikelihood))
        one.stop()
        three.stop()
    }

    @Test func withoutATrainingMeanTheModelsOwnDrawsGiveOne() async throws {
        let small = SmallModel(dimension: Self.dimension, trainingMean: false)
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: .float16) }
        let compute = try Compute(model: model, configuration: .init(threads: 2))
        defer { compute.stop() }
        let mean = try await compute.meanImage()
        #expect(mean.count == Self.dimension)
        let draws = try await compute.sample(2048, using: Philox(seed: 0)).value
        for k in 0..<Self.dimension {
            let expected = draws.reduce(0.0) { $0 + Double($1.image[k]) } / 2048
            #expect(abs(Double(mean[k]) - expected) < 1e-6)
        }
    }

    /// An overflow ends the request that made it, names its origin, and leaves the others alone.
    @Test func aNumberThatIsNotFiniteIsAnError() async throws {
        let small = SmallModel(dimension: Self.dimension, width: 30).overflowing()
        let model = try small.withFile { try LoadedModel(contentsOf: $0, precision: .float32) }
        let compute = try Compute(model: model, configuration: .init(threads: 2))
        defer { compute.stop() }
        let image = small.overflowingImage
        await #expect(throws: NonFiniteValue.self) { try await compute.likelihood(of: image) }
        await #expect(throws: NonFiniteValue.self) { try await compute.encode(image) }
        await #expect(throws: NonFiniteValue.self) {
            try await compute.decode(Array(repeating: 3e38, count: Self.dimension))
        }
        await #expect(throws: NonFiniteValue.self) {
            try await compute.sample(4, temperature: 1e30, using: Philox(seed: 1))
        }
        let channel = ProgressChannel<InpaintingRun>()
        await #expect(throws: NonFiniteValue.self) {
            try await compute.inpaint(
                InpaintingRun(
                    InpaintingSpecification(image: image, known: image.indices.map { $0 > 0 }), from: image,
                    rule: AdaptiveStep(dimension: Self.dimension, iterations: 5),
                    limits: .init(iterations: 5, traceEvery: 1)), progress: channel)
        }
        #expect(await channel.next() == nil)
        // What is not extreme is computed as ever.
        #expect(
            try await compute.likelihood(of: Array(repeating: 0.5, count: Self.dimension)).value.logLikelihood.isFinite)
    }

    /// A PyTorch file loads whatever the checksums of its numbers are; verifying finds the damage.
    @Test(arguments: [false, true])
    func aDamagedWeightsFileIsFoundByVerifying(isDamaged: Bool) async throws {
        let small = SmallModel(dimension: Self.dimension, width: 30)
        let model = try small.withTorchFile { bytes in
            guard isDamaged else { return }
            let values = TorchFile.bytes(small["scaling.scale"])
            if let place = bytes.indices.first(where: { bytes[$0...].starts(with: values) }) { bytes[place] ^= 1 }
        } _: {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        let compute = try Compute(model: model, configuration: .init(threads: 1))
        defer { compute.stop() }
        if isDamaged {
            await #expect(throws: CheckpointError.self) { try await compute.verify(model) }
        } else {
            try await compute.verify(model)
        }
    }
}
