import RareEvents
import Statistics
import Testing

@Suite struct LimitStateRunTests {
    private func problem() throws -> LimitStateProblem {
        try ReliabilityCase("branches", .nan, ReliabilityCase.normals(2)) { x in
            min(3 + 0.1 * (x[0] - x[1]) * (x[0] - x[1]) - (x[0] + x[1]) / 2.0.squareRoot(), x[0] - x[1] + 5)
        }.problem
    }

    /// Up to `window` units are out at once, and come back in an order that `seed` shuffles.
    private func finish(_ run: LimitStateRun, window: Int, seed: UInt64) throws -> [LimitStateProgress] {
        var flight: [LimitStateUnit] = [], progress: [LimitStateProgress] = [], state = seed
        while true {
            while flight.count < window, let unit = run.nextUnit() { flight.append(unit) }
            if flight.isEmpty { return progress }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let unit = flight.remove(at: Int(state >> 33) % flight.count)
            progress += run.complete(unit, try unit.perform())
        }
    }

    @Test(arguments: LimitStateSpecification.Method.allCases)
    func orderAndNumberOfWorkersDoNotMatter(_ method: LimitStateSpecification.Method) throws {
        let problem = try problem()
        let specification = try LimitStateSpecification(method: method, maximumEvaluations: 20_000, seed: 11)
        let alone = LimitStateRun(problem, specification), crowd = LimitStateRun(problem, specification)
        let progress = try finish(alone, window: 1, seed: 0)
        #expect(try finish(crowd, window: 9, seed: 5) == progress)
        #expect(alone.isFinished && crowd.isFinished && alone.report() == crowd.report())
        #expect(try #require(alone.report()).evaluations <= 20_000)
        #expect(zip(progress, progress.dropFirst()).allSatisfy { $0.evaluations <= $1.evaluations })
    }

    @Test func theExactValueIsBesideTheEstimate() throws {
        let report = try #require(try problem().solve(.auto, seed: 4, wantsExact: true))
        let exact = try #require(report.exact), z = try #require(report.zScore)
        #expect(abs(z) < 5 && abs(report.estimate.value / exact - 1) < 0.1)
    }

    @Test func quadratureAgreesWithClosedForms() throws {
        let normals = ReliabilityCase.normals(2), tail = ReliabilityCase.tail
        let disc = try ReliabilityCase("outside a disc", ElementaryFunction.exp(-12.5), normals) {
            25 - $0[0] * $0[0] - $0[1] * $0[1]
        }
        let corner = try ReliabilityCase("corner", tail(4) * tail(3), normals) { max(4 - $0[0], 3 - $0[1]) }
        let line = try ReliabilityCase("one variable", tail(5) + tail(2.5), ReliabilityCase.normals(1)) {
            min(5 - $0[0], $0[0] + 2.5)
        }
        for item in [disc, corner, line] {
            let report = try #require(try item.problem.solve(.naive, seed: 1, most: 1000, wantsExact: true))
            #expect(abs(try #require(report.exact) / item.probability - 1) < 1e-4, "\(item)")
        }
    }

    /// Events beside a jump or a kink that are thinner than the grid: no part of them may be missed.
    @Test func quadratureFindsThinParts() throws {
        let normals = ReliabilityCase.normals(2), tail = ReliabilityCase.tail
        let stripes = try ReliabilityCase("stripes beside a jump", 2 * (tail(1) - tail(1.03)) * 0.5, normals) { x in
            x[1] > 0 && x[0].magnitude > 1 ? x[0].magnitude - 1.03 : 5 + x[0].magnitude
        }
        let thin = try ReliabilityCase("between rays", 0.01 / (2 * .pi), normals) { x in
            x[0] <= 0 ? 1 : max(-x[1], x[1] - 0.010_000_333_346_667_2 * x[0])
        }
        for item in [stripes, thin] {
            let report = try #require(try item.problem.solve(.naive, seed: 1, most: 1000, wantsExact: true))
            let exact = try #require(report.exact, "\(item)")
            #expect(abs(exact / item.probability - 1) < 1e-4, "\(item): \(exact)")
            #expect(!report.warnings.contains(.noExactValue))
        }
    }

    @Test func aQuadratureThatDoesNotSettleIsOwnedUpTo() throws {
        let ripples = try ReliabilityCase("ripples", .nan, ReliabilityCase.normals(2)) { x in
            let t = 6 * x[0] * x[1]
            return 3 - x[0].magnitude + 4 * (t - t.rounded()).magnitude - 1
        }
        let report = try #require(try ripples.problem.solve(.naive, seed: 1, most: 1000, wantsExact: true))
        #expect(report.exact == nil && report.warnings.contains(.noExactValue))
        #expect(
            try #require(try ripples.problem.solve(.naive, seed: 1, most: 1000)).warnings.contains(.noExactValue)
                == false)
    }

    @Test func undefinedValuesNameThePoint() throws {
        let item = try ReliabilityCase("root", .nan, ReliabilityCase.normals(2)) { 2 - $0[0].squareRoot() - $0[1] }
        #expect {
            _ = try item.problem.solve(.naive, seed: 1)
        } throws: { error in
            guard case .undefined(let x) = error as? LimitStateError else { return false }
            return x.count == 2 && x[0] < 0
        }
    }

    @Test func aDroppedRunEndsItsMethod() throws {
        let problem = try problem()
        for method in LimitStateSpecification.Method.allCases {
            let run = LimitStateRun(problem, try LimitStateSpecification(method: method, seed: 1))
            for _ in 0..<3 {
                guard let unit = run.nextUnit() else { break }
                _ = run.complete(unit, try unit.perform())
            }
            #expect(!run.isFinished)
        }
    }

    @Test func numbersOfDrawsAreKept() throws {
        for method in [LimitStateSpecification.Method.naive, .importance, .crossEntropy, .directional, .auto] {
            let report = try #require(try problem().solve(method, seed: 1, extent: .draws(1500)))
            #expect(report.draws == 1500, "\(method)")
        }
    }

    @Test func smallBudgetsAreKept() throws {
        for method in LimitStateSpecification.Method.allCases {
            for most in [1, 2, 10, 100, 1000] as [UInt64] {
                let report = try #require(try problem().solve(method, seed: 1, most: most))
                #expect(report.evaluations <= most, "\(method) \(most)")
                if let interval = report.confidenceInterval { #expect(interval.lower >= 0 && interval.upper <= 1) }
            }
        }
    }
}
