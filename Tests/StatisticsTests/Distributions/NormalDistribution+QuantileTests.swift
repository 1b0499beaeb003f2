import Statistics
import Testing

@Suite struct NormalDistributionQuantileTests {
    /// From mpmath, √2·erfinv(2p − 1) at 40 digits.
    @Test func normalQuantilesAgreeWithThoseOfFortyDigits() {
        let known: [(Double, Double)] = [
            (0.5, 0), (0.975, 1.9599639845400542355), (0.025, -1.9599639845400542355),
            (1e-10, -6.3613409024040562046), (1e-300, -37.047096299361199237),
        ]
        for (probability, quantile) in known {
            #expect(
                (NormalDistribution.bisectedQuantile(probability) - quantile).magnitude < 1e-14
                    * max(1, quantile.magnitude))
        }
    }
}
