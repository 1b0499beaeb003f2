import Fixtures
import NormalizingFlows
import Projections
import Statistics
import Testing

@Suite struct InpaintingRunTests {
    static let dimension = 16
    static let known = (0..<dimension).map { $0 % 3 != 0 }
    static let image = UniformDistribution.standard.draws(dimension, from: Philox(seed: 8))
        .map { Float($0) }

    private func model() throws -> NICE {
        try SmallModel(dimension: Self.dimension, width: 30).withFile {
            try NICE(Checkpoint(contentsOf: $0), precision: .float32)
        }
    }

    private func run(
        _ rule: any AscentRule, _ limits: InpaintingRun.Limits, start: Float = 0.5
    ) throws -> InpaintingRun {
        let nice = try model(), workspace = nice.makeWorkspace()
        var run = InpaintingRun(
            InpaintingSpecification(image: Self.image, known: Self.known),
            from: Array(repeating: start, count: Self.dimension), rule: rule, limits: limits)
        while let demand = run.demand {
            switch demand {
            case .value: nice.evaluate(run.position, in: workspace)
            case .gradient: nice.differentiate(run.position, in: workspace)
            }
            try run.absorb(logLikelihood: workspace.logProbability, gradient: workspace.gradient)
        }
        return run
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let rule: any AscentRule
    }

    static let cases = [
        Case(testDescription: "constant step", rule: ConstantStep(stepSize: 1e-3)),
        Case(testDescription: "adaptive step", rule: AdaptiveStep(dimension: dimension, iterations: 40)),
        Case(testDescription: "noisy gradient", rule: NoisyGradient(dimension: dimension, using: Philox(seed: 3))),
    ]

    @Test(arguments: cases)
    func knownPixelsStayAndMissingOnesStayInRange(of one: Case) throws {
        let answer = try run(one.rule, .init(iterations: 40)).answer
        for k in 0..<Self.dimension {
            if Self.known[k] {
                #expect(answer[k] == Self.image[k])
            } else {
                #expect(answer[k] >= 0 && answer[k] <= 1)
            }
        }
    }

    @Test(arguments: cases)
    func theReportedLogLikelihoodIsThatOfTheAnswer(of one: Case) throws {
        let result = try run(one.rule, .init(iterations: 25))
        let nice = try model(), workspace = nice.makeWorkspace()
        nice.evaluate(result.answer, in: workspace)
        #expect(workspace.logProbability == result.logLikelihood)
        #expect(result.iteration == 25)
        #expect(result.stop == .iterations)
    }

    @Test(arguments: [Float(0), 0.5, 1])
    func theAdaptiveStepNeverEndsBelowItsStart(start: Float) throws {
        for iterations in [1, 2, 10, 100] {
            let rule = AdaptiveStep(dimension: Self.dimension, iterations: iterations)
            let result = try run(rule, .init(iterations: iterations), start: start)
            let initial = try #require(result.initialLogLikelihood)
            let final = try #require(result.logLikelihood)
            #expect(final >= initial)
        }
    }

    /// Where the gradient stays the same, Adam's steps are as long as its rate: that rises first.
    @Test(arguments: [(300, 15), (60, 6), (5, 1)])
    func theAdaptiveStepsRateRisesAndFalls(iterations: Int, rise: Int) throws {
        var rule = AdaptiveStep(dimension: 2, iterations: iterations)
        let room = try Box([Interval<Float>(min: -1e3, max: 1e3), Interval(min: -1e3, max: 1e3)])
        var x: [Float] = [0, 0], steps: [Float] = []
        for iteration in 0..<iterations {
            let before = x[0]
            rule.step(&x, gradient: [3, -0.01], iteration: iteration, constraints: room)
            steps.append(x[0] - before)
            #expect(abs(x[0] + x[1]) < 1e-2)
        }
        #expect(abs(steps[0] - AdaptiveStep.rate / Float(rise)) < 1e-4)
        let top = try #require(steps.indices.max { steps[$0] < steps[$1] })
        #expect(top <= rise && steps[top] > 0.9 * AdaptiveStep.rate && steps[top] <= 1.001 * AdaptiveStep.rate)
        #expect(zip(steps[top...], steps[(top + 1)...]).allSatisfy { $0 > $1 })
    }

    @Test func aConstantStepIsTheProjectionOfAStepAlongTheGradient() throws {
        let nice = try model(), workspace = nice.makeWorkspace()
        let specification = InpaintingSpecification(image: Self.image, known: Self.known)
        var x = specification.start(from: Array(repeating: 0.5, count: Self.dimension))
        for _ in 0..<5 {
            nice.differentiate(x, in: workspace)
            for k in x.indices where !Self.known[k] {
                x[k] = min(max(x[k].addingProduct(0.01, workspace.gradient[k]), 0), 1)
            }
        }
        #expect(try run(ConstantStep(stepSize: 0.01), .init(iterations: 5)).answer == x)
    }

    @Test func theFirstSmallProjectedGradientStopsTheRun() throws {
        let rule = ConstantStep(stepSize: 1e-4), nice = try model()
        let workspace = nice.makeWorkspace()
        var free = InpaintingRun(
            InpaintingSpecification(image: Self.image, known: Self.known),
            from: Array(repeating: 0.5, count: Self.dimension), rule: rule,
            limits: .init(iterations: 3000))
        var norms: [Double] = []
        while free.demand == .gradient {
            nice.differentiate(free.position, in: workspace)
            norms.append(free.specification.constraints.projectedGradientNorm(
                at: free.position, gradient: workspace.gradient))
            try free.absorb(logLikelihood: workspace.logProbability, gradient: workspace.gradient)
        }
        let first = try #require(norms.first), least = try #require(norms.min())
        try #require(least < 0.9 * first)
        let tolerance = (first + least) / 2
        let stopped = try run(rule, .init(iterations: 3000, tolerance: tolerance))
        #expect(stopped.stop == .tolerance)
        #expect(stopped.iteration - 1 == norms.firstIndex { $0 < tolerance })
    }

    @Test func theTraceHasEveryAskedForIterationAndTheStart() throws {
        let result = try run(
            ConstantStep(stepSize: 1e-3), .init(iterations: 10, traceEvery: 4))
        #expect(result.trace.map(\.iteration) == [0, 4, 8])
        #expect(result.trace.first?.logLikelihood == result.initialLogLikelihood)
        let whole = try run(ConstantStep(stepSize: 1e-3), .init(iterations: 10, traceEvery: 5))
        #expect(whole.trace.map(\.iteration) == [0, 5, 10])
        #expect(whole.trace.last?.logLikelihood == whole.logLikelihood)
    }

    @Test func noiseIsAFunctionOfItsSeed() throws {
        func answer(seed: UInt64) throws -> [Float] {
            let rule = NoisyGradient(dimension: Self.dimension, using: Philox(seed: seed))
            return try run(rule, .init(iterations: 5)).answer
        }
        #expect(try answer(seed: 1) == answer(seed: 1))
        #expect(try answer(seed: 1) != answer(seed: 2))
    }

    /// A gradient whose square single precision cannot hold makes Adam's second step no number.
    @Test func aStepThatLeadsNowhereIsAnError() throws {
        var run = InpaintingRun(
            InpaintingSpecification(image: Self.image, known: Self.known),
            from: Array(repeating: 0.5, count: Self.dimension),
            rule: AdaptiveStep(dimension: Self.dimension, iterations: 9), limits: .init(iterations: 9))
        let huge = [Float](repeating: 1e30, count: Self.dimension)
        try run.absorb(logLikelihood: 0, gradient: huge)
        let error = #expect(throws: NonFiniteValue.self) { try run.absorb(logLikelihood: 0, gradient: huge) }
        #expect(error == NonFiniteValue(.step(pixel: 0)))
    }
}
