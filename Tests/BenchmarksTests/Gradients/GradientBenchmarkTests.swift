import Benchmarks
import Expressions
import GradientEstimation
import Testing

@Suite struct GradientBenchmarkTests {
    @Test func whatIsTimedIsTheDefaultRequest() throws {
        let result = try GradientBenchmark.run(repetitions: 2)
        #expect(result.durations.count == 2)
        let run = GradientRun(try GradientSpecification(
            f: Expression("x*sin(x)", variables: GradientSpecification.variableOfF),
            r: Expression("(mu-1)^2/2 + sigma - log(sigma)", variables: GradientSpecification.variablesOfR), seed: 1))
        while !run.isFinished { try run.advance(iterations: 10_000) }
        #expect(result.report == run.report)
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
