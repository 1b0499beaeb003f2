import GradientEstimation
import Testing

@Suite struct GradientBenchmarkTests {
    @Test func whatIsTimedIsTheDefaultRequest() throws {
        let result = try GradientBenchmark.run(repetitions: 2)
        #expect(result.durations.count == 2)
        #expect(result.report == (try report(specification(seed: 1))))
        #expect(result.processorTimes.count == 2)
        #expect(result.median > .zero)
    }

    @Test func thePeerRunsTheSameProblem() {
        let script = GradientBenchmark.peerScript
        for part in ["ITERATIONS, BATCH, RATE = 10_000, 300, 0.01", "log_derivative", "reparameterization"] {
            #expect(script.contains(part))
        }
    }
}
