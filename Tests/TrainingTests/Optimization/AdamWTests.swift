import Foundation
import Testing

import Training

@Suite struct AdamWTests {
    /// Algorithm 2 of Loshchilov and Hutter in double precision, one number.
    private struct Reference {
        var weight: Double
        var first = 0.0, second = 0.0

        mutating func step(_ t: Int, _ gradient: Double, rate: Double, decay: Double) {
            first = 0.9 * first + 0.1 * gradient
            second = 0.99 * second + 0.01 * gradient * gradient
            let m = first / (1 - pow(0.9, Double(t))), v = second / (1 - pow(0.99, Double(t)))
            weight -= rate * (m / (v.squareRoot() + 1e-8)) + rate * decay * weight
        }
    }

    @Test func stepsAreThePapers() {
        let optimizer = AdamW(weightDecay: 0.1, largestNorm: .infinity, averageDecay: 0)
        var weight: [Float] = [0.5, -2], first: [Float] = [0, 0], second: [Float] = [0, 0]
        var references = [Reference(weight: 0.5), Reference(weight: -2)]
        for t in 1...200 {
            let gradients = [sin(Double(t)), 0.01 * cos(Double(3 * t)) + 0.02], rate = 0.01
            let step = optimizer.step(t - 1, rate: rate, gradientNorm: 1)
            step.apply(
                gradient: gradients.map(Float.init), to: &weight, first: &first, second: &second, average: nil,
                count: 2, decays: true)
            for k in 0..<2 { references[k].step(t, gradients[k], rate: rate, decay: 0.1) }
        }
        for k in 0..<2 { #expect(abs(Double(weight[k]) - references[k].weight) < 1e-4) }
    }

    @Test func theFirstStepIsTheRateWhateverTheGradientsSize() {
        // m / √v is ±1 at first.
        let optimizer = AdamW(weightDecay: 0, largestNorm: .infinity, averageDecay: 0)
        var weight: [Float] = [0, 0, 0], first = weight, second = weight
        optimizer.step(0, rate: 0.25, gradientNorm: 1).apply(
            gradient: [1e-3, -5, 1e6], to: &weight, first: &first, second: &second, average: nil, count: 3,
            decays: false)
        for (value, expected) in zip(weight, [-0.25, 0.25, -0.25] as [Float]) {
            #expect(abs(value - expected) < 1e-4)
        }
    }

    @Test func aLongGradientIsShortenedToTheLargestNorm() {
        let optimizer = AdamW(weightDecay: 0, largestNorm: 10, averageDecay: 0)
        #expect(optimizer.step(0, rate: 1, gradientNorm: 5).gradientFactor == 1)
        #expect(optimizer.step(0, rate: 1, gradientNorm: 10).gradientFactor == 1)
        #expect(optimizer.step(0, rate: 1, gradientNorm: 40).gradientFactor == 0.25)
    }

    @Test func onlyWhatDecaysIsPulledTowardsZero() {
        let optimizer = AdamW(weightDecay: 0.5, largestNorm: 1, averageDecay: 0)
        for decays in [false, true] {
            var weight: [Float] = [8], first: [Float] = [0], second: [Float] = [0]
            optimizer.step(0, rate: 0.5, gradientNorm: 0).apply(
                gradient: nil, to: &weight, first: &first, second: &second, average: nil, count: 1, decays: decays)
            #expect(weight == [decays ? 6 : 8])
        }
    }

    @Test func theAverageIsAMeanOfTheWeightsSoFar() {
        // Its decay is (1 + t)/(10 + t) at first, so that it forgets where it began.
        let optimizer = AdamW(weightDecay: 0, largestNorm: 1, averageDecay: 0.99)
        #expect(abs(optimizer.step(0, rate: 0, gradientNorm: 0).averageShare - Float(1 - 2.0 / 11)) < 1e-6)
        #expect(abs(optimizer.step(10_000, rate: 0, gradientNorm: 0).averageShare - 0.01) < 1e-6)
    }
}
