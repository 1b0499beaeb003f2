import RareEvents
import Statistics
import Testing

/// Problems of the reliability literature (numbers as in the RP repository), with probabilities by quadrature, or from 4·10⁷ draws.
@Suite struct LiteratureTests {
    static func problems() throws -> [ReliabilityCase] {
        let two = ReliabilityCase.normals(2), root = 2.0.squareRoot()
        return [
            try ReliabilityCase("RP22", 0.004207305435143238, two) { x in
                2.5 - (x[0] + x[1]) / root + 0.1 * (x[0] - x[1]) * (x[0] - x[1])
            },
            try ReliabilityCase("RP25", 4.1485829625037465e-05, two) { x in
                max(x[0] * x[0] - 8 * x[1] + 16, -16 * x[0] + x[1] + 32)
            },
            try ReliabilityCase("RP31", 0.003226681209587694, two) { x in 2 - x[1] + 256 * x[0] * x[0] * x[0] * x[0] },
            try ReliabilityCase("RP35", 0.003478946343337439, two) { x in
                let y = 0.2 * x[0]
                return min(2 - x[1] + ElementaryFunction.exp(-0.1 * x[0] * x[0]) + y * y * y * y, 4.5 - x[0] * x[1])
            },
            try ReliabilityCase(
                "RP53", 0.03132048568668208,
                [
                    NormalDistribution(mean: 1.5, standardDeviation: 1),
                    NormalDistribution(mean: 2.5, standardDeviation: 1),
                ]
            ) { x in ElementaryFunction.sin(2.5 * x[0]) + 2 - (x[0] * x[0] + 4) * (x[1] - 1) / 20 },
            try ReliabilityCase("RP111", 8.035085964959443e-07, two) { x in 12.5 - (x[0] * x[1]).magnitude },
            try ReliabilityCase("four branches", 0.0022227950876118024, two) { x in
                let a = x[0] - x[1], b = (x[0] + x[1]) / root, c = 3 + 0.1 * a * a
                return min(c - b, c + b, a + 7 / root, 7 / root - a)
            },
            try ReliabilityCase(
                "RP8", 0.00078478,
                (0..<4).map { _ in LognormalDistribution(mean: 120, standardDeviation: 12) } + [
                    LognormalDistribution(mean: 50, standardDeviation: 10),
                    LognormalDistribution(mean: 40, standardDeviation: 8),
                ]
            ) { x in x[0] + 2 * x[1] + 2 * x[2] + x[3] - 5 * x[4] - 5 * x[5] },
        ]
    }

    @Test func automaticFindsThem() throws {
        for item in try Self.problems() {
            let report = try #require(try item.problem.solve(.auto, seed: 1))
            #expect(abs(report.estimate.value / item.probability - 1) < 0.05, "\(item)")
            let interval = try #require(report.confidenceInterval), error = try #require(report.estimate.standardError)
            #expect(abs(report.estimate.value - item.probability) < 4 * error, "\(item)")
            #expect(interval.lower < report.estimate.value && report.estimate.value < interval.upper)
            let relative = try #require(report.relativeError)
            #expect(report.evaluations <= 100_000 && relative <= 0.025)
        }
    }

    @Test func quadratureReachesThem() throws {
        for item in try Self.problems() where item.problem.inputs.count == 2 {
            let report = try #require(try item.problem.solve(.naive, seed: 1, extent: .draws(100), wantsExact: true))
            // Where quadrature does not settle there is no value, rather than a wrong one.
            if let exact = report.exact { #expect(abs(exact / item.probability - 1) < 2e-4, "\(item)") }
        }
    }

    /// A hundred variables: a plane, and a band between two.
    @Test func aHundredVariablesAreNoObstacle() throws {
        let band = try ReliabilityCase("band", 2 * ReliabilityCase.tail(3.5), ReliabilityCase.normals(100)) { x in
            3.5 - (x.reduce(0, +) / 10).magnitude
        }
        let report = try #require(try band.problem.solve(.auto, seed: 2))
        #expect(abs(report.estimate.value / band.probability - 1) < 0.08)
        #expect(report.designPoints.count == 2 && report.evaluations <= 100_000)
    }
}
