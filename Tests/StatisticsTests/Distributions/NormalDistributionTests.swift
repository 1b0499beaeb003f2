import Statistics
import Testing

@Suite struct NormalDistributionTests {
    /// From mpmath with 60 digits.
    @Test(
        arguments: [
            (1e-300, -37.047096299361199236547042504890222), (1e-100, -21.273453560965324294179517035361946),
            (1e-16, -8.2220822161304356151820147250627123), (1e-05, -4.2648907939228246102337488665204829),
            (0.001, -3.0902323061678135353580045762586148), (0.025, -1.959963984540054211779584194227174),
            (0.2, -0.84162123357291416552249062577216616),
            (0.2499999, -0.67449006488262320492044526925656102), (0.25, -0.67448975019608174320222701454130719),
            (0.3, -0.52440051270804081595946436226395544), (0.4999999, -0.00000025066282747031065134978155879064349),
            (0.5000000001, 0.00000000025066284820303539022207888483629163),
            (0.75, 0.67448975019608174320222701454130719),
            (0.975, 1.9599639845400538556044306298266432), (0.999999, 4.753424308817087765688097030681645),
            (1 - 0x1p-53, 8.2095361516013868556307687786659849),
        ] as [(Double, Double)])
    func quantilesAreRightToAFewUlps(p: Double, x: Double) {
        #expect(abs(NormalDistribution.standard.quantile(p) - x) <= 4 * x.ulp.magnitude)
    }

    @Test func theMedianIsTheMean() {
        #expect(NormalDistribution.standard.quantile(0.5) == 0)
        #expect(NormalDistribution(mean: 3, standardDeviation: 2).quantile(0.5) == 3)
        #expect(NormalDistribution.standard.quantile(0) == -.infinity)
        #expect(NormalDistribution.standard.quantile(1) == .infinity)
    }

    /// The quantiles of the two tails mirror each other wherever 1 − p is exact.
    @Test func theQuantileIsOdd() {
        for i in 1..<512 {
            let p = Double(i) / 1024
            #expect(NormalDistribution.standard.quantile(p) == -NormalDistribution.standard.quantile(1 - p))
        }
    }
}
