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

    /// - Parameter wantsExact: whether to work out the exact value first, for at most two variables.
    public init(_ problem: LimitStateProblem, _ specification: LimitStateSpecification, wantsExact: Bool = true) {
        self.problem = problem
        self.specification = specification
        let desk = WorkDesk(problem, specification, wantsExact: wantsExact)
        self.desk = desk
        Task(executorPreference: executor) { await desk.run() }
        executor.drain()
    }

    deinit {
        // An algorithm that waits would never end.
        desk.abandon()
        executor.drain()
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

    /// The answer once the run is finished; nil before, when the last progress is what is known.
    public func report() -> LimitStateReport? { desk.report }
}
