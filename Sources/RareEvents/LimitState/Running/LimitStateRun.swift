import Synchronization

/// One estimate of a limit state's probability, in units of about a millisecond that any thread may perform:
///
///     let run = LimitStateRun(problem, specification)
///     while let unit = run.nextUnit() { progress += run.complete(unit, try unit.perform()) }
///     run.report()
///
/// The method is an asynchronous function that asks for evaluations; a unit's completion lets it go on. What it reports depends
/// on the problem and the specification alone, not on who performs the units, in which order.
public final class LimitStateRun: Sendable {
    public let problem: LimitStateProblem
    public let specification: LimitStateSpecification
    private let desk: WorkDesk
    private let executor = StepExecutor()

    /// - Parameters:
    ///   - wantsExact: whether to work out the exact value first, for at most two variables.
    ///   - merged: the moments of all shards, merged: the run explores as each of them did, and reports on their draws instead of
    ///     drawing. The report's own moments say how many draws there should be, and of what kind.
    ///   - shards: the moments of each shard: the report has each one's own report, for comparing it with what the shard said.
    ///   - isStopped: whether to give up: then units throw `CancellationError`, and there is no report. Asked about every
    ///     fraction of a millisecond, by any thread.
    public init(
        _ problem: LimitStateProblem, _ specification: LimitStateSpecification, wantsExact: Bool = true,
        merging merged: LimitStateMoments? = nil, of shards: [LimitStateMoments] = [],
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.problem = problem
        self.specification = specification
        let desk = WorkDesk(
            problem, specification, wantsExact: wantsExact, merging: merged, of: shards, isStopped: isStopped)
        self.desk = desk
        Task(executorPreference: executor) { await desk.run() }
        executor.drain()
    }

    deinit {
        // An algorithm that waits would never end.
        desk.abandon()
        executor.drain()
    }

    /// Bytes that a run keeps of its draws, at most, beyond a few that every run takes.
    public static func memory(for specification: LimitStateSpecification) -> Int {
        let draws: UInt64
        switch (specification.method, specification.extent) {
        case (.naive, _), (.form, _): return 0
        case (_, .draws(let n)): draws = n
        case (_, .relativeError): draws = specification.maximumEvaluations
        }
        // A weight and a share, and the weights once more while the tail is fitted; most runs are far from a million draws.
        let kept = min(draws, WorkDesk.mostKept), few: UInt64 = 1_000_000
        return kept > few ? Int(clamping: kept - few) * 6 * MemoryLayout<Double>.size : 0
    }

    /// Whether `report` is the answer.
    public var isFinished: Bool { desk.isFinished }

    /// Whether `nextUnit` may hand out something, now or after what is out has come back.
    public var mayHandOut: Bool { !desk.isFinished }

    /// How many threads the run could keep busy at once.
    public var mostThreads: Int { 64 }

    /// The next unit to perform; nil while the method waits for units that are out, and at the end.
    public func nextUnit() -> LimitStateUnit? { desk.nextUnit() }

    /// Takes in what a unit came to, and returns what is to be said of it.
    public func complete(_ unit: LimitStateUnit, _ outcome: LimitStateUnit.Outcome) -> [LimitStateProgress] {
        if let resume = desk.complete(unit, outcome) {
            resume()
            executor.drain()
        }
        return desk.takeProgress()
    }

    /// The answer once the run is finished; nil before, when the last progress is what is known, and for a run that was stopped.
    public func report() -> LimitStateReport? { desk.report }
}
