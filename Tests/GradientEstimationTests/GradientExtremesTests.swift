import Expressions
import GradientEstimation
import Projections
import Statistics
import Testing

/// Every public entry point at the ends of what it takes: a typed error or finite results, in a
/// bounded number of steps.
@Suite struct GradientExtremesTests {
    private static let numbers = [
        0, 1, -1, 0.5, 5e-324, 2.2250738585072014e-308, 1e-300, 1e-17, 1e16, 5e15, 1e100, 1e154, 1e300,
        .greatestFiniteMagnitude, -1e16, -1e308, .infinity, .nan,
    ]
    private static let functions = [
        "1", "x", "x^2", "x*sin(x)", "1/x", "1/(x-1)^2", "exp(x)", "exp(x^2)", "exp(exp(x))", "log(x)", "sqrt(x)", "abs(x)^0.5",
        "x^1024", "x^-1024", "1e308*x", "1e-320*x", "sin(1e300*x)", "exp(-((x-0.3)/1e-6)^2)", "x/abs(x)", "0^x", "min(1/x, x)",
        "tan(x)", "erf(1e10*x)", "softplus(1e5*x)", "0/0", "1/0", "e^(x^3)",
    ]

    @Test func descentsGiveAReportOrATypedError() throws {
        var generator = PhiloxGenerator(Philox(seed: 12))
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        var reports = 0, failures = 0
        for _ in 0..<400 {
            let isMild = Bool.random(using: &generator)
            let f = try Expression(pick(Self.functions), variables: ["x"])
            let r = try Expression(
                pick(["0*mu", "mu^2 + sigma", "-log(sigma)", "1/mu", "exp(mu)", "sigma^-1024"]),
                variables: GradientSpecification.variablesOfR)
            do {
                let specification = try GradientSpecification(
                    f: f, r: r, estimators: EstimatorKind.allCases, iterations: pick([1, 7]), batch: pick([1, 2, 300]),
                    learningRate: isMild ? 0.01 : pick(Self.numbers), mu: isMild ? 0 : pick(Self.numbers),
                    sigma: isMild ? 1 : pick(Self.numbers), every: pick([1, 10, .max]), seed: pick([0, .max]))
                let run = GradientRun(specification)
                var steps = 0
                while !run.isFinished && steps < 200_000 {
                    try run.advance(iterations: 100)
                    steps += 1
                }
                #expect(run.isFinished, "\(specification) takes more than \(steps) steps")
                let report = run.report
                reports += 1
                for estimator in report.estimators {
                    #expect(estimator.final.mu.isFinite && estimator.final.sigma > 0)
                    #expect(estimator.trace.mu.allSatisfy(\.isFinite))
                }
                if case .found(let at, let value) = report.optimum { #expect(at.mu.isFinite && at.sigma > 0 && value.isFinite) }
            } catch let error as InvalidParameter {
                failures += 1
                #expect(!error.reason.isEmpty)
            } catch let error as GradientError {
                failures += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(reports > 40 && failures > 40, "\(reports) reports, \(failures) failures")
    }

    @Test func evidenceGivesAReportOrATypedError() throws {
        var generator = PhiloxGenerator(Philox(seed: 13))
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        let scales = [0, 1, -300, 300, -301, 20, -20, 1e308, .nan]
        var reports = 0, failures = 0
        for _ in 0..<150 {
            let d = pick([1, 1, 2, 3])
            let isMild = Bool.random(using: &generator)
            let text = pick(Self.functions).replacing("exp", with: "EXP").replacing("x", with: "z1").replacing("EXP", with: "exp")
            do {
                let specification = try EvidenceSpecification(
                    logH: Expression(d > 1 ? text + " - z2^2" : text, variables: EvidenceSpecification.variables(dimension: d)),
                    mean: (0..<d).map { _ in isMild ? 0 : pick(Self.numbers) },
                    logStd: (0..<d).map { _ in isMild ? 0 : pick(scales) }, samples: pick([1, 2, 1500]), seed: 1)
                let run = EvidenceRun(specification)
                var steps = 0
                while !run.isFinished && steps < 200_000 {
                    try run.advance(samples: 1000)
                    steps += 1
                }
                #expect(run.isFinished)
                let report = run.report
                reports += 1
                #expect(report.evidence.isFinite)
                #expect((report.exact == nil) == (report.exactUnavailable != nil))
            } catch let error as InvalidParameter {
                failures += 1
                #expect(!error.reason.isEmpty)
            } catch let error as GradientError {
                failures += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(reports > 20 && failures > 20, "\(reports) reports, \(failures) failures")
    }

    @Test func ascentsGiveAReportOrATypedError() throws {
        var generator = PhiloxGenerator(Philox(seed: 14))
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        var reports = 0, failures = 0
        for _ in 0..<600 {
            do {
                let sets: [(any ConvexSet<Double>)?] = [
                    nil, try Ball(center: [pick([0, 1e300]), 0], radius: pick([0, 1, 1e308])),
                    try HalfSpace(normal: [pick([1, 5e-324, 1e308]), 1e-300], offset: pick([0, 1e308, -1e308])),
                    try Simplex(total: pick([0, 1, 1e308])),
                ]
                let specification = try MaximizationSpecification(
                    f: Expression(pick(Self.functions) + " - y^2", variables: ["x", "y"]), constraints: pick(sets),
                    start: [pick(Self.numbers), pick([0, 1, -1e308])],
                    stepSize: Bool.random(using: &generator) ? .automatic : .constant(pick(Self.numbers)),
                    iterations: pick([1, 50, 300]), tolerance: pick([0, 1e-9, 1e308]))
                let run = MaximizationRun(specification)
                while !run.isFinished { try run.advance(iterations: 20) }
                let report = run.report
                reports += 1
                #expect(report.maximizer.allSatisfy(\.isFinite) && report.value.isFinite)
                #expect(report.iterations <= specification.iterations)
            } catch let error as InvalidParameter {
                failures += 1
                #expect(!error.reason.isEmpty)
            } catch let error as GradientError {
                failures += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(reports > 60 && failures > 60, "\(reports) reports, \(failures) failures")
    }
}
