import LinearAlgebra
import NormalizingFlows
import SeededRandom
import Testing

@Suite struct ConditionalGaussianTests {
    private static let size = 12

    /// A covariance, its lower Cholesky factor row by row, and a mean.
    private func example() -> (mean: [Double], factor: [Float], covariance: Matrix) {
        var generator = SplitMix64(seed: 5), factor: [Float] = []
        var lower = Matrix(rows: Self.size, columns: Self.size)
        for i in 0..<Self.size {
            for k in 0...i {
                factor.append(i == k ? 0.25 : Float(Int(generator.next() % 65)) / 256 - 0.125)
                lower[i, k] = Double(factor[factor.count - 1])
            }
        }
        return ((0..<Self.size).map { Double($0) / 16 }, factor, lower * lower.transposed)
    }

    private func gaussian() throws -> ImageGaussian {
        let (mean, factor, _) = example()
        var run = ImageGaussianRun(mean: mean, factor: factor)
        while true {
            if let result = run.result { return result }
            try run.advance(operations: 1)
        }
    }

    private func conditional(_ known: [Bool], in gaussian: ImageGaussian) throws -> ConditionalGaussian {
        var run = ConditionalGaussianRun(known: known, in: gaussian)
        while true {
            if let result = run.result { return result }
            try run.advance(operations: 1)
        }
    }

    @Test func theFactorGivesTheCovarianceAndItsInverse() throws {
        let gaussian = try gaussian()
        let product = gaussian.covariance * gaussian.precision
        for i in 0..<Self.size {
            for k in 0..<Self.size {
                #expect((gaussian.covariance[i, k] - example().covariance[i, k]).magnitude < 1e-15)
                #expect((product[i, k] - (i == k ? 1 : 0)).magnitude < 1e-12)
            }
        }
    }

    @Test func aCovarianceAndItsFactorGiveTheSame() throws {
        let (mean, _, covariance) = example(), first = try gaussian()
        var run = ImageGaussianRun(mean: mean, covariance: covariance)
        while run.result == nil { try run.advance(operations: 1000) }
        let second = try #require(run.result)
        for (a, b) in zip(first.precision.elements, second.precision.elements) {
            #expect((a - b).magnitude < 1e-9 * (1 + a.magnitude))
        }
    }

    /// The best linear guess: its error is uncorrelated with every known pixel. So the known pixels' own system is solved
    /// here, whichever of the two the code takes.
    @Test func theMeanIsTheBestLinearGuess() throws {
        let gaussian = try gaussian()
        var generator = SplitMix64(seed: 9)
        for missing in 1...Self.size {
            let known = (0..<Self.size).map { ($0 * 5) % Self.size >= missing }
            let image = (0..<Self.size).map { _ in Float(generator.next() % 256) / 255 }
            let conditional = try conditional(known, in: gaussian)
            let answer = conditional.mean(of: image, in: gaussian)
            let given = known.indices.filter { known[$0] }
            var system = Matrix(rows: given.count, columns: given.count)
            for (i, a) in given.enumerated() {
                for (k, b) in given.enumerated() { system[i, k] = gaussian.covariance[a, b] }
            }
            let centred = given.map { Double(image[$0]) - gaussian.mean[$0] }
            let factor = try CholeskyFactor(of: system), weights = factor.solve(centred)
            for k in known.indices {
                guard !known[k] else {
                    #expect(answer[k] == image[k])
                    #expect(conditional.deviations[k] == 0)
                    continue
                }
                var expected = gaussian.mean[k]
                for (weight, j) in zip(weights, given) { expected += weight * gaussian.covariance[k, j] }
                #expect((Double(answer[k]) - expected).magnitude < 1e-6)
                // What the known pixels explain is taken from the variance.
                let shared = given.map { gaussian.covariance[k, $0] }
                let explained = zip(shared, factor.solve(shared)).reduce(0) { $0 + $1.0 * $1.1 }
                let deviation = (gaussian.covariance[k, k] - explained).squareRoot()
                #expect((Double(conditional.deviations[k]) - deviation).magnitude < 1e-6)
            }
        }
    }

    @Test func whatIsNotPositiveDefiniteIsToldAgainAndAgain() {
        let (mean, _, covariance) = example()
        var matrix = covariance
        matrix[3, 3] = -1
        var run = ImageGaussianRun(mean: mean, covariance: matrix)
        for _ in 0..<3 {
            #expect(throws: NotPositiveDefinite(row: 3)) { try run.advance(operations: .max) }
        }
    }

    /// Numbers of 1 below a diagonal of 1/2048: the inverse grows 2048-fold with each row.
    @Test func anInverseThatLeavesDoublePrecisionIsRefused() {
        let size = 200
        var factor: [Float] = []
        for i in 0..<size {
            for k in 0...i { factor.append(i == k ? 1 / 2048 : 1) }
        }
        var run = ImageGaussianRun(mean: Array(repeating: 0, count: size), factor: factor)
        #expect(throws: NotPositiveDefinite.self) {
            while run.result == nil { try run.advance(operations: .max) }
        }
    }
}
