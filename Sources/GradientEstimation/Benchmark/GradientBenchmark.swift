import Expressions

/// The default gradient request, timed: two estimators, 10000 iterations of 300 draws, their
/// examination at both points and the optimum included.
///
/// `peerScript` is the same two loops in PyTorch, to be run beside it on the same machine:
/// `python3 - [threads] < script` prints one line of JSON with the seconds of each loop.
public enum GradientBenchmark {
    public struct Result: Sendable {
        /// Wall-clock times of the whole request, one for each repetition.
        public let durations: [Duration]
        public let report: GradientReport

        public var fastest: Duration { durations.min()! }
        public var median: Duration { durations.sorted()[durations.count / 2] }
    }

    /// Parsing to report, `repetitions` times.
    public static func run(
        repetitions: Int, concurrently loop: ConcurrentLoop = serialLoop
    ) throws -> Result {
        precondition(repetitions >= 1, "a benchmark runs at least once")
        var durations: [Duration] = []
        var report: GradientReport?
        for _ in 0..<repetitions {
            let begin = ContinuousClock.now
            let problem = try GradientProblem(
                f: Expression("x*sin(x)", variables: GradientProblem.variableOfF),
                r: Expression(
                    "(mu-1)^2/2 + sigma - log(sigma)", variables: GradientProblem.variablesOfR),
                seed: 1)
            let run = GradientRun(problem)
            while !run.isFinished { try run.advance(iterations: 500, concurrently: loop) }
            report = run.report
            durations.append(ContinuousClock.now - begin)
        }
        return Result(durations: durations, report: report!)
    }

    public static var peerScript: String {
        String(decoding: PackageResources.gradients_peer_py, as: UTF8.self)
    }
}
