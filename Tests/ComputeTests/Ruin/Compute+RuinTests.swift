import Compute
import Fixtures
import RareEvents
import Statistics
import Testing

@Suite struct ComputeRuinTests {
    private func compute(threads: Int) throws -> Compute {
        let model = try SmallModel(dimension: 16, width: 30).withFile {
            try LoadedModel(contentsOf: $0, precision: .float16)
        }
        return try Compute(model: model, configuration: .init(threads: threads, batch: 8, queue: 64))
    }

    private func run(_ extent: RuinRun.Extent) throws -> RuinRun {
        try RuinRun(RuinPlan(GamblersRuin(start: 20, goal: 40, maximumGames: 100), seed: 4), extent)
    }

    /// What `RuinPlan` works out at once is what compute threads work out in slices.
    @Test(arguments: RuinPlan.Method.allCases)
    func aPlanInSlicesIsThePlan(method: RuinPlan.Method) async throws {
        let compute = try compute(threads: 2)
        defer { compute.stop() }
        let ruin = try GamblersRuin(start: 20, goal: 40, maximumGames: 300)
        let atOnce = try RuinPlan(ruin, method: method, seed: 3)
        let sliced = try await compute.ruinPlan(
            ruin, method: method, proposal: .automatic, confidence: 0.95, seed: 3).value
        #expect(sliced.tilt == atOnce.tilt)
        #expect(sliced.exact?.probability == atOnce.exact?.probability)
        #expect(sliced.report(sliced.simulate(0..<500)) == atOnce.report(atOnce.simulate(0..<500)))
    }

    @Test(arguments: [1, 2, 5], [RuinRun.Extent.gamblers(100..<400_000), .relativeError(0.004, most: 1 << 30)])
    func theReportDoesNotDependOnTheThreads(threads: Int, extent: RuinRun.Extent) async throws {
        let compute = try compute(threads: threads), progress = ProgressChannel<RuinReport>()
        defer { compute.stop() }
        var alone = try run(extent), expected: [RuinReport] = []
        while let unit = alone.nextUnit() { expected += alone.complete(unit, try alone.plan.simulate(unit)) }
        let run = try run(extent)
        let work = Task { try await compute.simulate(run, progress: progress).value }
        var reports: [RuinReport] = []
        while let report = await progress.next() { reports.append(report) }
        #expect(reports == expected)
        #expect(try await work.value == alone.report())
    }

    /// Also a single gambler who would play for days gives the thread to others.
    @Test func shortWorkIsDoneBesideEndlessRuns() async throws {
        let compute = try compute(threads: 1)
        let endless = try GamblersRuin(
            winProbability: 0.5, start: 500_000_000_000_000, goal: 1_000_000_000_000_000,
            maximumGames: 1_000_000_000_000_000)
        let plan = try RuinPlan(endless, method: .naive, seed: 1)
        let tasks = try (0..<20).map { _ in
            let run = try RuinRun(plan, .gamblers(0..<1))
            return Task { try await compute.simulate(run) }
        }
        for _ in 0..<5 {
            _ = try await compute.likelihood(of: Array(repeating: 0.5, count: 16))
        }
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        compute.stop()
    }

    @Test func theServicesEndHandsOverTheFirstGamblers() async throws {
        let compute = try compute(threads: 2), progress = ProgressChannel<RuinReport>()
        let run = try run(.gamblers(0..<1 << 40))
        let work = Task { try await compute.simulate(run, progress: progress) }
        let first = try #require(await progress.next())
        compute.endAll()
        do {
            _ = try await work.value
            Issue.record("the run went on")
        } catch ComputeError.interrupted(let interrupted) {
            let report = try #require(interrupted.partial as? RuinReport)
            #expect(report.moments.gamblers >= first.moments.gamblers)
        }
        compute.stop()
    }

    @Test func parametersThatDoNotGoTogetherAreNamed() async throws {
        let compute = try compute(threads: 1)
        defer { compute.stop() }
        await #expect(throws: InvalidParameter.self) {
            try await compute.ruinPlan(
                GamblersRuin(), method: .naive, proposal: .winProbability(0.5), confidence: 0.95, seed: 1)
        }
    }
}
