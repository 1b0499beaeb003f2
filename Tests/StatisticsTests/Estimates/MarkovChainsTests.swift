import Statistics
import Testing

@Suite struct MarkovChainsTests {
    /// Chains of the autoregression x ← φ x + √(1 − φ²) ε, which starts in its stationary distribution N(0, 1).
    private func autoregression(_ phi: Double, chains: Int, length: Int, offset: Double = 0) -> [[Double]] {
        (0..<chains).map { chain in
            let noise = NormalDistribution.standard.draws(length, from: Philox(seed: 5, stream: UInt64(chain)))
            var x = noise[0]
            return noise.enumerated().map { index, epsilon in
                if index > 0 { x = phi * x + (1 - phi * phi).squareRoot() * epsilon }
                return x + offset * Double(chain)
            }
        }
    }

    @Test func splitRHatIsThatOfTheDefinition() throws {
        // Halves (1, 2), (3, 4), (3, 4), (5, 6): W = 1/2, the variance of their means 8/3; (W/2 + 8/3) / W = 35/6.
        let value = try #require(MarkovChains([[1, 2, 3, 4], [3, 4, 5, 6]]).splitRHat)
        #expect((value - (35.0 / 6).squareRoot()).magnitude < 1e-15)
        // The draw in the middle does not count.
        #expect(MarkovChains([[1, 2, 99, 3, 4], [3, 4, 99, 5, 6]]).splitRHat == value)
    }

    @Test func effectiveSampleSizeIsThatOfTheDefinition() throws {
        // Halves of two: ρ₁ = 1 − (W/2 − c₁) / pooled with W = 1/2, pooled = 35/12 and c₁ = −1/8, so ρ₁ = 61/70;
        // τ = −1 + 2 (1 + ρ₁) = 96/35 over 8 draws.
        let value = try #require(MarkovChains([[1, 2, 3, 4], [3, 4, 5, 6]]).effectiveSampleSize)
        #expect((value - 8 * 35.0 / 96).magnitude < 1e-13)
    }

    @Test func independentDrawsCountInFull() throws {
        let chains = MarkovChains(autoregression(0, chains: 8, length: 1000))
        #expect(try #require(chains.splitRHat) < 1.01)
        let size = try #require(chains.effectiveSampleSize)
        #expect(size > 7000 && size < 9000)
    }

    /// n (1 − φ) / (1 + φ) of n draws, for the autoregression.
    @Test(arguments: [0.5, 0.8, -0.4]) func dependentDrawsCountAsTheAutoregressionSays(phi: Double) throws {
        let chains = MarkovChains(autoregression(phi, chains: 8, length: 4000))
        let size = try #require(chains.effectiveSampleSize)
        let expected = 32000 * (1 - phi) / (1 + phi)
        #expect(abs(size / expected - 1) < 0.1)
    }

    @Test func chainsThatDisagreeAreFound() throws {
        let apart = MarkovChains(autoregression(0, chains: 4, length: 500, offset: 1))
        #expect(try #require(apart.splitRHat) > 1.3)
        #expect(try #require(apart.effectiveSampleSize) < 20)
        // One chain that drifts.
        let drift = MarkovChains([(0..<500).map { Double($0) }])
        #expect(try #require(drift.splitRHat) > 1.5)
    }

    @Test func whatCannotBeToldIsNil() {
        for chains in [[], [[]], [[1], [2]], [[1, 2, 3], [4, 5, 6]], [[7, 7, 7, 7], [7, 7, 7, 7]]] as [[[Double]]] {
            #expect(MarkovChains(chains).splitRHat == nil)
            #expect(MarkovChains(chains).effectiveSampleSize == nil)
        }
    }
}
