import Fixtures
import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct PosteriorRunTests {
    private static let dimension = 6
    private static let known = [true, false, false, true, false, true]

    private struct Fixture {
        let nice: NICE
        let workspace: NICEWorkspace
        let gaussian: PosteriorGaussian

        init() throws {
            let nice = try SmallModel(dimension: dimension, width: 12, seed: 3).withFile {
                try NICE(Checkpoint(contentsOf: $0), precision: .float32)
            }
            let workspace = try nice.makeWorkspace()
            self.nice = nice
            self.workspace = workspace
            let draws = try (0..<2000).map { try Self.draw(UInt64($0), seed: 77, nice, workspace).map(Double.init) }
            var covariance = Matrix(rows: dimension, columns: dimension)
            let mean = (0..<dimension).map { k in draws.reduce(0) { $0 + $1[k] } / 2000 }
            for draw in draws {
                for i in 0..<dimension {
                    for j in 0..<dimension { covariance[i, j] += (draw[i] - mean[i]) * (draw[j] - mean[j]) / 2000 }
                }
            }
            var run = ImageGaussianRun(mean: mean, covariance: covariance)
            while run.result == nil { try run.advance(operations: .max) }
            gaussian = try PosteriorGaussian(known: known, in: try #require(run.result))
        }

        /// A draw of the model, not clamped.
        static func draw(_ index: UInt64, seed: UInt64, _ nice: NICE, _ workspace: NICEWorkspace) throws -> [Float] {
            let latent = LogisticDistribution.standard.draws(
                dimension, from: Philox(seed: seed), at: index * UInt64(dimension))
            return try nice.decode(latent.map { Float($0) }, in: workspace)
        }

        /// Takes all chains to their ends, in the order that `choose` makes.
        func finish(_ run: inout PosteriorRun) throws {
            while !run.isOver {
                guard let taken = run.take() else { break }
                let index = taken.index
                var sampler = taken.sampler
                while sampler.chain.evaluations < run.roundEnd {
                    try advance(&sampler)
                }
                _ = run.put(index, sampler)
            }
        }

        /// One evaluation.
        func advance(_ sampler: inout PosteriorSampler) throws {
            nice.differentiate(sampler.chain.position, in: workspace)
            let gradient = try? workspace.finiteGradient()
            sampler.absorb(gradient.map { .init(logLikelihood: workspace.logProbability, gradient: $0) })
        }
    }

    private func specification(
        _ image: [Float], _ gaussian: PosteriorGaussian, noise: Double = 0, range: PixelRange = .unbounded, chains: Int,
        iterations: Int,
        traceEvery: Int = 0, seed: UInt64 = 1
    ) -> PosteriorSpecification {
        PosteriorSpecification(
            image: image, known: Self.known, noise: noise, range: range, gaussian: gaussian, chains: chains,
            iterations: iterations,
            traceEvery: traceEvery, seed: seed)
    }

    /// Images are drawn from the model, so that the truth and the draws are alike: among 19 chains' last draws the truth
    /// has each of 20 ranks as often, and is within their central 90 % in 90 of 100 images.
    @Test(arguments: [false, true]) func theTruthIsAmongTheDrawsWhereChancePutsIt(isBounded: Bool) throws {
        let fixture = try Fixture(), missing = Self.known.indices.filter { !Self.known[$0] }
        var ranks = [[Int]](repeating: [Int](repeating: 0, count: 20), count: missing.count + 1)
        var images = 0, index: UInt64 = 0
        while images < 300 {
            let truth = try Fixture.draw(index, seed: 5, fixture.nice, fixture.workspace)
            index += 1
            // The density restricted to a range is that of draws that lie in it.
            guard !isBounded || missing.allSatisfy({ truth[$0] >= 0 && truth[$0] <= 1 }) else { continue }
            images += 1
            fixture.nice.evaluate(truth, in: fixture.workspace)
            let likelihood = fixture.workspace.logProbability
            var run = PosteriorRun(
                specification(
                    truth, fixture.gaussian, range: isBounded ? .unitInterval : .unbounded, chains: 19,
                    iterations: 320, seed: index))
            try fixture.finish(&run)
            for (place, pixel) in missing.enumerated() {
                ranks[place][run.images.count { $0[pixel] < truth[pixel] }] += 1
            }
            let last = run.logLikelihoods
            ranks[missing.count][last.count { $0 < likelihood }] += 1
        }
        for counts in ranks {
            let expected = Double(images) / 20
            let chiSquared = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
            // The chi-squared distribution of 19 degrees of freedom exceeds it once in 10,000.
            #expect(chiSquared < 52.4)
            let covered = Double(counts[1...18].reduce(0, +)), deviation = (Double(images) * 0.9 * 0.1).squareRoot()
            #expect(abs(covered - 0.9 * Double(images)) < 4 * deviation)
        }
    }

    /// Chains are advanced in another order and by other amounts, as several threads do.
    @Test func theDrawsDoNotDependOnWhoAdvancesWhichChain() throws {
        let fixture = try Fixture(), image: [Float] = [0.2, 0, 0, 0.4, 0, 0.6]
        var whole = PosteriorRun(
            specification(image, fixture.gaussian, chains: 5, iterations: 150, traceEvery: 40))
        try fixture.finish(&whole)
        var parts = PosteriorRun(
            specification(image, fixture.gaussian, chains: 5, iterations: 150, traceEvery: 40))
        var held: [(index: Int, sampler: PosteriorSampler)] = [], turn = 0
        while !parts.isOver {
            while let taken = parts.take() { held.append(taken) }
            turn += 1
            let taken = held.remove(at: turn * 7 % held.count)
            var sampler = taken.sampler
            for _ in 0..<3 where sampler.chain.evaluations < parts.roundEnd {
                try fixture.advance(&sampler)
            }
            _ = parts.put(taken.index, sampler)
        }
        #expect(parts.meanImage == whole.meanImage)
        #expect(parts.standardDeviation == whole.standardDeviation)
        #expect(parts.images == whole.images)
        #expect(parts.trace == whole.trace)
        #expect(whole.trace.map(\.iteration) == [40, 80, 120])
        #expect(parts.logLikelihood == whole.logLikelihood)
    }

    @Test func theSeedDecidesAndKnownPixelsStay() throws {
        let fixture = try Fixture(), image: [Float] = [0.2, 0, 0, 0.4, 0, 0.6]
        var means: [[Float]] = []
        for seed: UInt64 in [1, 1, 2] {
            var run = PosteriorRun(
                specification(
                    image, fixture.gaussian, noise: 0.1, range: .unbounded, chains: 3, iterations: 90, seed: seed))
            try fixture.finish(&run)
            for (k, isKnown) in Self.known.enumerated() where isKnown {
                #expect(run.meanImage[k] == image[k])
                #expect(run.standardDeviation[k] == 0)
                #expect(run.images.allSatisfy { $0[k] == image[k] })
            }
            // Without its noise an image is in 0…1.
            #expect(run.images.joined().allSatisfy { $0 >= 0 && $0 <= 1 })
            means.append(run.meanImage)
        }
        #expect(means[0] == means[1])
        #expect(means[0] != means[2])
    }

    @Test(arguments: [1, 2, 9, 17, 40]) func fewIterationsAreEnoughForAnAnswer(iterations: Int) throws {
        let fixture = try Fixture()
        var run = PosteriorRun(
            specification([0.2, 0, 0, 0.4, 0, 0.6], fixture.gaussian, chains: 2, iterations: iterations))
        try fixture.finish(&run)
        #expect(run.iteration == iterations)
        #expect(run.images.count == 2)
        #expect(run.meanImage.allSatisfy { $0.isFinite })
        let diagnostics = PosteriorDiagnostics(of: run)
        #expect(iterations >= 40 || diagnostics.logLikelihood.rHat == nil)
    }
}
