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

    @inline(never) private func run(_ extent: RuinRun.Extent) throws -> RuinRun {
        try RuinRun(RuinPlan(GamblersRuin(start: 20, goal: 40, maximumGames: 100), seed: 4), extent)
    }

    /// The reports of a run whose units are played one after the other, and the last of all.
    @inline(never) private func alone(_ extent: RuinRun.Extent) throws -> (reports: [RuinReport], last: RuinReport) {
        var run = try run(extent), reports: [RuinReport] = []
        while let unit = run.nextUnit() {
            let moments = run.plan.simulate(unit, check: {})
            reports += run.complete(unit, moments)
        }
        return (reports, run.report())
    }

    /// What `RuinPlan` works out at once is what compute threads work out in slices.
    @Test(arguments: RuinPlan.Method.allCases)
    func aPlanInSlicesIsThePlan(method: RuinPlan.Method) async throws {
        let compute = try compute(threads: 2)
        defer { compute.stop() }
        let ruin = try GamblersRuin(start: 20, goal: 40, maximumGames: 300)
        let atOnce = try RuinPlan(ruin, method: method, seed: 3)
        let sliced = try await compute.ruinPlan(
            ruin, method: method, proposal: .automatic, confidence: 0.95, seed: 3
        ).value
        #expect(sliced.tilt == atOnce.tilt)
        #expect(sliced.exact?.probability == atOnce.exact?.probability)
        let report = sliced.report(sliced.simulate(0..<500, check: {}))
        #expect(report == atOnce.report(atOnce.simulate(0..<500, check: {})))
    }

    @Test(arguments: [1, 2, 5])
    func theReportDoesNotDependOnTheThreads(threads: Int) async throws {
        let compute = try compute(threads: threads)
        for extent in [RuinRun.Extent.gamblers(100..<400_000), .relativeError(0.004, most: 1 << 30)] {
            let (reports, last) = try await played(run(extent), by: compute)
            let alone = try alone(extent)
            #expect(reports == alone.reports)
            #expect(last == alone.last)
        }
        compute.stop()
    }

    /// What a stream's reader sees of a run, and its result.
    private func played(
        _ run: RuinRun, by compute: Compute
    ) async throws -> (reports: [RuinReport], last: RuinReport) {
        let progress = ProgressChannel<RuinReport>()
        let work = Task { try await compute.simulate(run, progress: progress).value }
        var reports: [RuinReport] = []
        while let report = await progress.next() { reports.append(report) }
        return (reports, try await work.value)
    }

    /// Also a single gambler who would play for days gives the thread to others.
    @Test func shortWorkIsDoneBesideEndlessRuns() async throws {
        let compute = try compute(threads: 1)
        let endless = try GamblersRuin(
            winProbability: 0.5, start: 500_000_000_000_000, goal: 1_000_000_000_000_000,
            maximumGames: 1_000_000_000_000_000)
        let plan = try RuinPlan(endless, method: .naive, seed: 1)
        // What comes over one connection is done in its order, so these come over others.
        let tasks = try (0..<20).map { connection in
            let run = try RuinRun(plan, .gamblers(0..<1))
            let context = WorkContext(client: .init(address: "busy", connection: UInt64(connection)))
            return Task { try await compute.simulate(run, in: context) }
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
