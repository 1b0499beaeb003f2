import Statistics
import Testing

/// One loop over all distributions checks all laws.
@Suite struct DistributionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let distribution: any Distribution
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "standard normal", distribution: NormalDistribution.standard),
        Case(name: "normal", distribution: NormalDistribution(mean: -3, standardDeviation: 0.25)),
        Case(name: "standard logistic", distribution: LogisticDistribution.standard),
        Case(name: "logistic", distribution: LogisticDistribution(location: 2, scale: 5)),
        Case(name: "standard uniform", distribution: UniformDistribution.standard),
        Case(name: "uniform", distribution: UniformDistribution(lower: -1, upper: 4)),
        Case(name: "standard exponential", distribution: ExponentialDistribution.standard),
        Case(name: "exponential", distribution: ExponentialDistribution(rate: 0.125)),
    ]

    private let philox = Philox(seed: 31, stream: 5)

    /// Kolmogorov and Smirnov: √n·D exceeds 1.95 once in a thousand seeds; this one is fixed.
    @Test(arguments: cases)
    func drawsFollowTheDistributionFunction(of item: Case) {
        let n = 100_000
        let sorted = item.distribution.draws(n, from: philox).sorted()
        var distance = 0.0
        for (i, x) in sorted.enumerated() {
            let p = item.distribution.cumulativeProbability(x)
            distance = max(distance, p - Double(i) / Double(n), Double(i + 1) / Double(n) - p)
        }
        #expect(distance * Double(n).squareRoot() < 1.95)
    }

    @Test(arguments: cases)
    func drawsDoNotDependOnHowTheyAreChunked(of item: Case) {
        let whole = item.distribution.draws(100, from: philox, at: 7)
        var pieces = [Double]()
        for count in [1, 2, 30, 0, 5, 17, 45] {
            pieces += item.distribution.draws(count, from: philox, at: 7 + UInt64(pieces.count))
        }
        #expect(pieces == whole)
        #expect((0..<100).map { item.distribution.draw(from: philox, at: 7 + UInt64($0)) } == whole)
        #expect(item.distribution.draws(100, from: Philox(seed: 31, stream: 6), at: 7) != whole)
        #expect(item.distribution.draws(100, from: Philox(seed: 32, stream: 5), at: 7) != whole)
    }

    @Test(arguments: cases)
    func theQuantileInvertsTheDistributionFunction(of item: Case) {
        for i in 1..<1000 {
            let p = Double(i) / 1000
            let back = item.distribution.cumulativeProbability(item.distribution.quantile(p))
            #expect(abs(back - p) <= 0x1p-50)
        }
        #expect(item.distribution.quantile(-0.1).isNaN && item.distribution.quantile(1.1).isNaN)
        #expect(item.distribution.quantile(.nan).isNaN && item.distribution.cumulativeProbability(.nan).isNaN)
        #expect(item.distribution.quantile(0) < item.distribution.quantile(0.001))
        #expect(item.distribution.quantile(1) > item.distribution.quantile(0.999))
    }

    /// Its central difference, in the middle 99.8 %.
    @Test(arguments: cases)
    func theDensityIsTheSlopeOfTheDistributionFunction(of item: Case) {
        for i in 1..<500 {
            let x = item.distribution.quantile(Double(2 * i) / 1000)
            let h = (item.distribution.quantile(0.75) - item.distribution.quantile(0.25)) * 1e-4
            guard item.distribution.quantile(0) < x - h, x + h < item.distribution.quantile(1) else { continue }
            let slope =
                (item.distribution.cumulativeProbability(x + h) - item.distribution.cumulativeProbability(x - h))
                / (2 * h)
            let density = ElementaryFunction.exp(item.distribution.logDensity(x))
            #expect(abs(slope / density - 1) <= 1e-6)
        }
    }
}
