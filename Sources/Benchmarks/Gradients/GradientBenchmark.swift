import Expressions
import GradientEstimation
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The default gradient request, timed: two estimators, 10000 iterations of 300 draws, their
/// examination at both points and the optimum included.
///
/// `peerScript` is the same two loops in PyTorch, to be run beside it on the same machine:
/// `python3 - [threads] < script` prints one line of JSON with the seconds of each loop.
package enum GradientBenchmark {
    package struct Result: Sendable {
        /// Wall-clock times of the whole request, one for each repetition.
        package let durations: [Duration]
        /// The same in the thread's own time, which other programs on the machine do not lengthen.
        package let processorTimes: [Duration]
        package let report: GradientReport

        package var median: Duration { Self.median(durations) }
        package var medianProcessorTime: Duration { Self.median(processorTimes) }

        private static func median(_ times: [Duration]) -> Duration { times.sorted()[times.count / 2] }
    }

    /// Parsing to report, `repetitions` times.
    package static func run(
        repetitions: Int, concurrently loop: ConcurrentLoop = serialLoop
    ) throws -> Result {
        precondition(repetitions >= 1, "a benchmark runs at least once")
        var durations: [Duration] = [], processorTimes: [Duration] = []
        var report: GradientReport?
        for _ in 0..<repetitions {
            let begin = ContinuousClock.now, used = processorTime()
            let specification = try GradientSpecification(
                f: Expression("x*sin(x)", variables: GradientSpecification.variableOfF),
                r: Expression(
                    "(mu-1)^2/2 + sigma - log(sigma)", variables: GradientSpecification.variablesOfR),
                seed: 1)
            let run = GradientRun(specification)
            while !run.isFinished { try run.advance(iterations: 500, concurrently: loop) }
            report = run.report
            durations.append(ContinuousClock.now - begin)
            processorTimes.append(processorTime() - used)
        }
        return Result(durations: durations, processorTimes: processorTimes, report: report!)
    }

    /// What the calling thread has used of a processor.
    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(Int(time.tv_sec)) + .nanoseconds(Int(time.tv_nsec))
    }

    package static var peerScript: String {
        String(decoding: PackageResources.gradients_torch_py, as: UTF8.self)
    }
}
