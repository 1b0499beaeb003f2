import RareEvents
import Statistics
import Testing

/// Every method against closed forms. Coverage over a few seeds, with a bound that chance breaks once in 10⁵ for an interval that
/// covers in 19 of 20.
@Suite struct LimitStateMethodsTests {
    static func cases() throws -> [ReliabilityCase] {
        [
            try ReliabilityCase("difference of normals", ReliabilityCase.tail(3), ReliabilityCase.normals(2)) {
                3 * 2.0.squareRoot() - $0[0] - $0[1]
            },
            try ReliabilityCase(
                "two of five sides", 2 * ReliabilityCase.tail(3.2), ReliabilityCase.normals(5)
            ) { 3.2 - $0[0].magnitude },
            // P(X₁ > 4 or X₂ < −3.5): no gradient anywhere.
            try ReliabilityCase(
                "jump", 1 - (1 - ReliabilityCase.tail(4)) * (1 - ReliabilityCase.tail(3.5)), ReliabilityCase.normals(2)
            ) { $0[0] > 4 || $0[1] < -3.5 ? -1 : 1 },
            // An Erlang variable's lower tail.
            try ReliabilityCase(
                "sum of twelve exponentials", ScaledGammaDistribution(shape: 12, scale: 1).cumulativeProbability(3.5),
                (0..<12).map { _ in ExponentialDistribution.standard }
            ) { $0.reduce(0, +) - 3.5 },
            // A product of lognormals is lognormal.
            try ReliabilityCase(
                "product of lognormals", productTail,
                [
                    LognormalDistribution(mean: 10, standardDeviation: 2),
                    LognormalDistribution(mean: 5, standardDeviation: 1),
                ], event: .above, threshold: 130
            ) { $0[0] * $0[1] },
            try ReliabilityCase("nearly certain", 1 - ReliabilityCase.tail(3), ReliabilityCase.normals(2)) {
                $0[0] - 3
            },
        ]
    }

    private static var productTail: Double {
        let a = LognormalDistribution(mean: 10, standardDeviation: 2).logarithm
        let b = LognormalDistribution(mean: 5, standardDeviation: 1).logarithm
        let variance = a.standardDeviation * a.standardDeviation + b.standardDeviation * b.standardDeviation
        return NormalDistribution(mean: a.mean + b.mean, standardDeviation: variance.squareRoot())
            .survivalProbability(ElementaryFunction.log(130))
    }

    @Test func automaticIsWithinFivePercent() throws {
        for item in try Self.cases() {
            var covered = 0
            for seed in 1...8 as ClosedRange<UInt64> {
                let report = try #require(try item.problem.solve(.auto, seed: seed))
                #expect(abs(report.estimate.value / item.probability - 1) < 0.07, "\(item) \(seed)")
                #expect(report.evaluations <= 100_000 && report.method != .auto && report.reason != nil)
                let interval = try #require(report.confidenceInterval)
                if interval.lower <= item.probability, item.probability <= interval.upper { covered += 1 }
            }
            #expect(covered >= 4, "\(item)")
        }
    }

    @Test(arguments: [LimitStateSpecification.Method.naive, .crossEntropy, .subset, .directional, .importance])
    func intervalsCover(by method: LimitStateSpecification.Method) throws {
        for item in try Self.cases() {
            // Twelve exponentials by directions takes more than this.
            var covered = 0
            for seed in 1...6 as ClosedRange<UInt64> {
                let report = try #require(try item.problem.solve(method, seed: seed, most: 30_000))
                #expect(report.evaluations <= 30_000 && report.method == method)
                guard let interval = report.confidenceInterval else { continue }
                #expect(interval.lower >= 0 && interval.upper <= 1 && interval.lower <= interval.upper)
                // Where a method cannot see the event it must not claim an error.
                if interval.lower <= item.probability, item.probability <= interval.upper { covered += 1 }
            }
            if method == .importance, item.name == "jump" { continue }
            #expect(covered >= 3, "\(item)")
        }
    }

    @Test func formIsExactForPlanes() throws {
        let plane = try ReliabilityCase("plane", ReliabilityCase.tail(4), ReliabilityCase.normals(30)) {
            4 * 30.0.squareRoot() - $0.reduce(0, +)
        }
        let report = try #require(try plane.problem.solve(.form, seed: 1))
        #expect(abs(report.estimate.value / plane.probability - 1) < 1e-6)
        #expect(report.estimate.standardError == nil && report.confidenceInterval == nil)
        let point = try #require(report.designPoints.first)
        #expect(report.designPoints.count == 1 && abs(point.reliabilityIndex - 4) < 1e-6)
        #expect(abs(point.importanceFactors.reduce(0, +) - 1) < 1e-9)
        #expect(point.importanceFactors.allSatisfy { abs($0 - 1 / 30) < 1e-6 })
    }

    @Test func fourEquallyLikelyDesignPointsAreFound() throws {
        let cross = try ReliabilityCase("cross", .nan, ReliabilityCase.normals(2)) { 12.5 - ($0[0] * $0[1]).magnitude }
        let report = try #require(try cross.problem.solve(.form, seed: 3))
        #expect(report.designPoints.count == 4)
        #expect(report.designPoints.allSatisfy { abs($0.reliabilityIndex - 5) < 1e-4 })
        // Four planes at distance 5, opposite or perpendicular: hardly an overlap.
        #expect(abs(report.estimate.value / (4 * ReliabilityCase.tail(5)) - 1) < 0.01)
    }

    @Test func anOriginInTheEventHasANegativeIndex() throws {
        let common = try ReliabilityCase("common", 1 - ReliabilityCase.tail(3), ReliabilityCase.normals(2)) {
            $0[0] - 3
        }
        let report = try #require(try common.problem.solve(.form, seed: 1))
        #expect(abs(report.estimate.value - common.probability) < 1e-9)
        #expect(abs(try #require(report.designPoints.first).reliabilityIndex + 3) < 1e-6)
    }

    @Test func correlationIsTheCopulas() throws {
        // X₁ + X₂ of correlation ρ has the variance 2 + 2ρ.
        for rho in [-0.8, 0.5, 0.95] {
            let index = 6 / (2 + 2 * rho).squareRoot()
            let item = try ReliabilityCase(
                "correlated", ReliabilityCase.tail(index), ReliabilityCase.normals(2),
                correlation: [[1, rho], [rho, 1]]
            ) { 6 - $0[0] - $0[1] }
            let form = try #require(try item.problem.solve(.form, seed: 1))
            #expect(abs(form.estimate.value / item.probability - 1) < 1e-5, "\(rho)")
        }
    }

    @Test func whatNeverHappensHasABound() throws {
        let never = try ReliabilityCase("never", 0, ReliabilityCase.normals(2)) { _ in 1 }
        for method in [LimitStateSpecification.Method.auto, .naive, .crossEntropy, .directional, .importance, .subset] {
            let report = try #require(try never.problem.solve(method, seed: 2, most: 20_000))
            let interval = try #require(report.confidenceInterval)
            #expect(report.estimate.value == 0 && report.estimate.standardError == nil, "\(method)")
            #expect(interval.lower == 0 && interval.upper > 0 && interval.upper <= 1, "\(method)")
            #expect(!report.warnings.isEmpty, "\(method)")
        }
        let always = try ReliabilityCase("always", 1, ReliabilityCase.normals(2)) { _ in -1 }
        for method in [LimitStateSpecification.Method.auto, .naive] {
            let report = try #require(try always.problem.solve(method, seed: 2, most: 20_000))
            #expect(report.estimate.value == 1 && report.estimate.standardError == nil)
            #expect(try #require(report.confidenceInterval).upper == 1 && !report.warnings.isEmpty)
        }
    }
}
