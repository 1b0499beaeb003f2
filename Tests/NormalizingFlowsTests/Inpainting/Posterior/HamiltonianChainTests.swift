import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct HamiltonianChainTests {
    /// Four pixels, the last of which is known; the Gaussian says little that is right.
    private func gaussian(known: [Bool] = [false, false, false, true]) throws -> PosteriorGaussian {
        let size = known.count
        var covariance = Matrix(diagonal: (0..<size).map { 0.5 + 0.3 * Double($0) })
        covariance[0, 1] = 0.2
        covariance[1, 0] = 0.2
        var run = ImageGaussianRun(mean: Array(repeating: 0.3, count: size), covariance: covariance)
        while run.result == nil { try run.advance(operations: .max) }
        return try PosteriorGaussian(known: known, in: try #require(run.result))
    }

    /// Means and variances of draws from independent densities that the chain is told of, by pixel.
    private func moments(
        range: PixelRange, budget: Int = 40_000, of density: (Int, Double) -> (Double, Double)
    ) throws -> [(mean: Double, variance: Double, size: Double)] {
        let image: [Float] = [0.5, 0.5, 0.5, 0.25]
        var chain = HamiltonianChain(
            image, given: try gaussian(), range: range, budget: budget, using: Philox(seed: 9, stream: 4))
        var draws = [[Double]](repeating: [], count: 3)
        while !chain.isOver {
            #expect(chain.position[3] == 0.25)
            var value = 0.0, gradient = [Float](repeating: 0, count: 4)
            for k in 0..<3 {
                let (logDensity, slope) = density(k, Double(chain.position[k]))
                value += logDensity
                gradient[k] = Float(slope)
            }
            if chain.absorb(.init(logLikelihood: value, gradient: gradient)), let state = chain.state {
                for k in 0..<3 { draws[k].append(Double(state.pixels[k])) }
            }
        }
        return draws.map { draws in
            let moments = RunningMoments(draws.map { ($0, 1) })
            return (moments.mean, moments.variance ?? 0, MarkovChains([draws]).effectiveSampleSize ?? 1)
        }
    }

    @Test func normalDrawsHaveTheirMeansAndVariances() throws {
        // N(k, (1 + k)²)
        let found = try moments(range: .unbounded) { k, x in
            let deviation = Double(1 + k), z = (x - Double(k)) / deviation
            return (-0.5 * z * z, -z / deviation)
        }
        for (k, one) in found.enumerated() {
            let variance = Double((1 + k) * (1 + k))
            #expect(abs(one.mean - Double(k)) < 5 * (variance / one.size).squareRoot())
            // Squares of draws are worth fewer than the draws.
            #expect(abs(one.variance / variance - 1) < 5 * (2 / (one.size / 4)).squareRoot())
        }
    }

    /// Densities on 0…1 that are highest at an end: constant, e^{-3x} and e^{4x}, normalized.
    @Test func drawsStayInTheUnitIntervalAndHaveItsMoments() throws {
        let rates = [0.0, -3, 4]
        let found = try moments(range: .unitInterval) { k, x in
            #expect(x >= 0 && x <= 1)
            return (rates[k] * x, rates[k])
        }
        for (rate, one) in zip(rates, found) {
            // ∫ x e^{rx} / ∫ e^{rx} and the second moment.
            let e = ElementaryFunction.exp(rate)
            let mean = rate == 0 ? 0.5 : e / (e - 1) - 1 / rate
            let second = rate == 0 ? 1.0 / 3 : (e - 2 * (e / rate - (e - 1) / (rate * rate))) / (e - 1)
            let variance = second - mean * mean
            #expect(abs(one.mean - mean) < 5 * (variance / one.size).squareRoot())
            #expect(abs(one.variance / variance - 1) < 5 * (2 / (one.size / 4)).squareRoot())
        }
    }

    @Test func aTrajectoryThatLeavesTheRangeOfNumbersIsRefused() throws {
        var chain = HamiltonianChain(
            [0.5, 0.5, 0.5, 0.25], given: try gaussian(), range: .unbounded, budget: 200, using: Philox(seed: 1))
        _ = chain.absorb(.init(logLikelihood: 1, gradient: [0, 0, 0, 0]))
        let start = try #require(chain.state).pixels
        while !chain.isOver { _ = chain.absorb(nil) }
        #expect(chain.state?.pixels == start)
        #expect(chain.sumOfAcceptance == 0)
        #expect(chain.sampledTrajectories == 99)
    }

    @Test func aChainWithoutAStartHasNoState() throws {
        var chain = HamiltonianChain(
            [0.5, 0.5, 0.5, 0.25], given: try gaussian(), range: .unbounded, budget: 3, using: Philox(seed: 1))
        while !chain.isOver {
            let isDraw = chain.absorb(nil)
            #expect(!isDraw)
        }
        #expect(chain.state == nil)
    }
}
