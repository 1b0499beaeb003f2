import Compute
import Fixtures
import NormalizingFlows
import Statistics
import Testing

@Suite struct PosteriorWorkTests {
    private static let dimension = 16
    private static let known = (0..<dimension).map { $0 % 3 != 0 }

    private func compute(threads: Int) throws -> Compute {
        let model = try SmallModel(dimension: Self.dimension, width: 30).withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        return try Compute(model: model, configuration: .init(threads: threads, batch: 64, queue: 256))
    }

    private func run(on compute: Compute, iterations: Int, traceEvery: Int = 0) async throws -> PosteriorRun {
        let image = UniformDistribution.standard.draws(Self.dimension, from: Philox(seed: 8)).map { Float($0) }
        return PosteriorRun(
            PosteriorSpecification(
                image: image, known: Self.known, noise: 0, range: .unitInterval,
                gaussian: try await compute.posteriorGaussian(known: Self.known).value, chains: 7,
                iterations: iterations,
                traceEvery: traceEvery, seed: 3))
    }

    @Test func anyNumberOfThreadsDrawsTheSame() async throws {
        var expected: PosteriorRun?
        for threads in 1...4 {
            let compute = try compute(threads: threads)
            defer { compute.stop() }
            let progress = ProgressChannel<PosteriorRun>()
            let reader = Task {
                var seen: [Int] = []
                while let run = await progress.next() { seen.append(run.iteration) }
                return seen
            }
            let found = try await compute.draw(
                try await run(on: compute, iterations: 100, traceEvery: 30), progress: progress
            ).value
            #expect(await reader.value == [30, 60, 90])
            #expect(found.isOver)
            if let expected {
                #expect(found.meanImage == expected.meanImage)
                #expect(found.images == expected.images)
                #expect(found.trace == expected.trace)
            }
            expected = found
        }
    }

    @Test func whoeverLeavesEndsTheDraws() async throws {
        let compute = try compute(threads: 2)
        defer { compute.stop() }
        let long = try await run(on: compute, iterations: 100_000_000)
        let task = Task { try await compute.draw(long) }
        while compute.workUnderWay == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aDeadlineGivesWhatHasBeenDrawn() async throws {
        let compute = try compute(threads: 2)
        defer { compute.stop() }
        let long = try await run(on: compute, iterations: 100_000_000)
        var milliseconds = 20
        while true {
            do {
                let deadline = ContinuousClock.now + .milliseconds(milliseconds)
                _ = try await compute.draw(long, in: WorkContext(deadline: deadline))
                Issue.record("it has ended")
                return
            } catch ComputeError.interrupted(let work) {
                // Too short a time for every chain to begin on a slow machine.
                guard let partial = work.partial as? PosteriorRun else {
                    milliseconds *= 2
                    continue
                }
                #expect(partial.meanImage.allSatisfy { $0.isFinite })
                return
            }
        }
    }
}
