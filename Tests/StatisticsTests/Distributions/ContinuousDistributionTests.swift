import Statistics
import Testing

/// One loop over distributions of every family checks all laws.
@Suite struct ContinuousDistributionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let family: DistributionFamily
        let parameters: [Double]
        var testDescription: String { "\(family.rawValue) \(parameters)" }

        func distribution() throws -> any ContinuousDistribution { try family.distribution(parameters) }
    }

    static let cases = [
        Case(family: .normal, parameters: [39, 0.1]), Case(family: .lognormal, parameters: [120, 12]),
        Case(family: .lognormal, parameters: [1, 3]), Case(family: .uniform, parameters: [70, 80]),
        Case(family: .exponential, parameters: [0.25]), Case(family: .gumbel, parameters: [1500, 350]),
        Case(family: .weibull, parameters: [2, 1.5]), Case(family: .weibull, parameters: [1, 0.5]),
        Case(family: .gamma, parameters: [0.5, 2]), Case(family: .gamma, parameters: [3.5, 2]),
        Case(family: .gamma, parameters: [400, 0.25]), Case(family: .beta, parameters: [2, 5]),
        Case(family: .beta, parameters: [0.5, 0.5, -1, 3]), Case(family: .beta, parameters: [80, 3]),
        Case(family: .studentT, parameters: [1]), Case(family: .studentT, parameters: [8, 2, 0.5]),
        Case(family: .triangular, parameters: [0, 1, 4]), Case(family: .triangular, parameters: [0, 0, 1]),
    ]

    /// From the middle to where a normal number comes once in 10¹⁸.
    private static let tails = [0.5, 0.4, 0.2, 0.05, 1e-3, 1e-6, 1e-9, 1e-13, 1e-18]

    @Test(arguments: cases)
    func quantilesInvertBothTails(of item: Case) throws {
        let distribution = try item.distribution()
        for p in Self.tails {
            let low = distribution.quantile(p), high = distribution.upperQuantile(p)
            // What the spacing of doubles near x makes of a tail's probability.
            let atLow = 1e-11 + distribution.density(low.nextUp) * low.ulp * 2 / p
            let atHigh = 1e-11 + distribution.density(high.nextDown) * high.ulp * 2 / p
            if atLow < 1e-3 { #expect(abs(distribution.cumulativeProbability(low) / p - 1) < atLow, "\(p)") }
            if atHigh < 1e-3 { #expect(abs(distribution.survivalProbability(high) / p - 1) < atHigh, "\(p)") }
        }
    }

    @Test(arguments: cases)
    func theDensityIsTheDerivativeOfTheDistributionFunction(of item: Case) throws {
        let distribution = try item.distribution()
        for p in [0.02, 0.1, 0.35, 0.6, 0.9, 0.99] {
            let x = distribution.quantile(p), h = 0.05 * (distribution.quantile(p * 1.001) - x)
            let slope =
                (distribution.cumulativeProbability(x + h) - distribution.cumulativeProbability(x - h)) / (2 * h)
            #expect(abs(slope / distribution.density(x) - 1) < 1e-4, "\(p)")
        }
    }

    @Test(arguments: cases)
    func tailsAddUpAndAreMonotone(of item: Case) throws {
        let distribution = try item.distribution()
        var last = -Double.infinity
        for i in 1..<200 {
            let x = distribution.quantile(Double(i) / 200)
            #expect(abs(distribution.cumulativeProbability(x) + distribution.survivalProbability(x) - 1) < 1e-14)
            #expect(x > last)
            last = x
        }
        #expect(distribution.quantile(0) <= distribution.quantile(1e-9))
        #expect(distribution.upperQuantile(0) >= distribution.upperQuantile(1e-9))
        for bad in [-0.1, 1.1, .nan] {
            #expect(distribution.quantile(bad).isNaN && distribution.upperQuantile(bad).isNaN)
        }
        #expect(distribution.cumulativeProbability(.nan).isNaN && distribution.survivalProbability(.nan).isNaN)
    }

    @Test(arguments: cases)
    func momentsAreThoseOfTheQuantiles(of item: Case) throws {
        let distribution = try item.distribution()
        guard distribution.standardDeviation.isFinite, item.parameters != [1, 3], item.parameters != [1, 0.5] else {
            return
        }
        var moments = RunningMoments()
        let n = 200_000
        for i in 0..<n { moments.add(distribution.quantile((Double(i) + 0.5) / Double(n))) }
        let deviation = try #require(moments.variance).squareRoot()
        #expect(abs(moments.mean - distribution.mean) < 1e-3 * distribution.standardDeviation)
        #expect(abs(deviation / distribution.standardDeviation - 1) < 5e-3)
    }

    @Test(arguments: cases)
    func theTransformIsTheQuantileOfTheNormalTail(of item: Case) throws {
        let distribution = try item.distribution(), normal = NormalDistribution.standard
        let u = [-8.5, -5, -2, -0.3, 0, 0.4, 1, 3, 6, 8.5, 40, -40]
        var x = u
        x.withUnsafeMutableBufferPointer { x in
            guard let x = x.baseAddress else { return }
            distribution.transform(x, into: x, count: u.count)
        }
        for (u, x) in zip(u, x) where u.magnitude < 9 {
            let expected =
                u > 0
                ? distribution.upperQuantile(normal.survivalProbability(u))
                : distribution.quantile(normal.cumulativeProbability(u))
            #expect(abs(x - expected) <= 1e-12 * max(expected.magnitude, distribution.quantile(0.75).magnitude), "\(u)")
            let h = 1e-5
            var ends = [u - h, u + h]
            ends.withUnsafeMutableBufferPointer { ends in
                guard let ends = ends.baseAddress else { return }
                distribution.transform(ends, into: ends, count: 2)
            }
            let slope = (ends[1] - ends[0]) / (2 * h)
            let isAtKink = item.family == .triangular
            if u.magnitude < 5, !isAtKink, slope > 1e-7 * x.magnitude {
                #expect(abs(distribution.transformDerivative(at: u, x) / slope - 1) < 1e-3, "\(u)")
            }
        }
        #expect(x.allSatisfy { !$0.isNaN })
        #expect(x[10] >= x[9] && x[11] <= x[0])
    }

    struct Reference: Sendable {
        let family: DistributionFamily
        let parameters: [Double]
        let x: Double
        let lower: Double
        let upper: Double

        init(_ family: String, _ parameters: [Double], x: Double, lower: Double, upper: Double) {
            self.family = DistributionFamily(rawValue: family) ?? .normal
            self.parameters = parameters
            self.x = x
            self.lower = lower
            self.upper = upper
        }
    }

    /// By mpmath with 40 digits, from the definitions.
    static let references = [
        Reference("lognormal", [50, 10], x: 20.0, lower: 2.9811227110318395e-6, upper: 0.99999701887728897),
        Reference("lognormal", [120, 12], x: 95.0, lower: 0.010950044391179193, upper: 0.98904995560882081),
        Reference("lognormal", [120, 12], x: 200.0, lower: 0.99999988349388096, upper: 1.1650611904408188e-7),
        Reference("gumbel", [1500, 350], x: 300.0, lower: 1.557407143874182e-20, upper: 1.0),
        Reference("gumbel", [1500, 350], x: 1500.0, lower: 0.57037600167502304, upper: 0.42962399832497696),
        Reference("gumbel", [1500, 350], x: 6000.0, lower: 0.99999996128900126, upper: 3.8710998742668221e-8),
        Reference("weibull", [2, 1.5], x: 0.001, lower: 1.1180277387731872e-5, upper: 0.99998881972261227),
        Reference("weibull", [2, 1.5], x: 0.9, lower: 0.26056520633202059, upper: 0.73943479366797941),
        Reference("weibull", [2, 1.5], x: 5.5, lower: 0.98954169716877362, upper: 0.010458302831226381),
        Reference("gamma", [0.5, 2], x: 1.0e-8, lower: 7.9788455947305776e-5, upper: 0.99992021154405269),
        Reference("gamma", [3.5, 2], x: 0.05, lower: 2.0830775274033679e-7, upper: 0.99999979169224726),
        Reference("gamma", [3.5, 2], x: 7.0, lower: 0.57112014244694528, upper: 0.42887985755305472),
        Reference("gamma", [3.5, 2], x: 120.0, lower: 1.0, upper: 7.6612464633530203e-23),
        Reference("gamma", [400, 0.25], x: 60.0, lower: 2.7630579378202988e-21, upper: 1.0),
        Reference("gamma", [400, 0.25], x: 140.0, lower: 0.99999999999955048, upper: 4.4951828818978644e-13),
        Reference("beta", [2, 5], x: 0.0001, lower: 1.4996000449976e-7, upper: 0.9999998500399955),
        Reference("beta", [2, 5], x: 0.3, lower: 0.579825, upper: 0.420175),
        Reference("beta", [2, 5], x: 0.99, lower: 0.999999999405, upper: 5.95e-10),
        Reference("beta", [0.5, 0.5], x: 0.25, lower: 0.33333333333333333, upper: 0.66666666666666667),
        Reference("beta", [80, 3], x: 0.5, lower: 7.0393070128262655e-22, upper: 1.0),
        Reference("beta", [80, 3], x: 0.998, lower: 0.99937045308715953, upper: 0.00062954691284046755),
        Reference("student_t", [1], x: -3.0, lower: 0.10241638234956673, upper: 0.89758361765043327),
        Reference("student_t", [3], x: -40.0, lower: 1.7190340394579264e-5, upper: 0.99998280965960542),
        Reference("student_t", [3], x: 0.25, lower: 0.59063538878558521, upper: 0.40936461121441479),
        Reference("student_t", [8], x: 9.0, lower: 0.99999073440785178, upper: 9.2655921482150443e-6),
        Reference("student_t", [200], x: -6.0, lower: 4.5575601744051927e-9, upper: 0.99999999544243983),
    ]

    @Test(arguments: references)
    func tailsHaveTheirDigits(_ reference: Reference) throws {
        let distribution = try reference.family.distribution(reference.parameters)
        let lower = distribution.cumulativeProbability(reference.x),
            upper = distribution.survivalProbability(reference.x)
        #expect(abs(lower - reference.lower) <= 2e-11 * reference.lower)
        #expect(abs(upper - reference.upper) <= 2e-11 * reference.upper)
    }
}
