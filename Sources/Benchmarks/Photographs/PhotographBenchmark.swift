import API
import Compute
import LinearAlgebra
import NormalizingFlows
import Statistics

/// How long a photograph with text over it takes to be filled, beside the time that its products of matrices would take
/// at the speed that the same product reaches alone.
package struct PhotographBenchmark: Sendable {
    package let rows, columns: Int
    private let prior: PhotographPrior
    private let picture: Picture

    package struct Result: Sendable {
        /// Seconds of each run.
        package let seconds: [Double]
        /// Multiplications and additions of the patches' products of matrices.
        package let operations: Double
        /// Such operations a second, all threads together, of products that are already in the caches.
        package let peak: Double
        package let missingPixels, patches: Int

        /// What share of a run the products alone would take.
        package var share: Double { operations / peak / median(seconds) }
    }

    /// Smooth colours with noise, under the mask `text`.
    package init(rows: Int, columns: Int, prior: PhotographPrior) {
        self.rows = rows
        self.columns = columns
        self.prior = prior
        let plane = rows * columns
        let noise = NormalDistribution(mean: 0, standardDeviation: 0.02).draws(3 * plane, from: Philox(seed: 1))
        picture = Picture(
            rows: rows, columns: columns, channels: 3,
            values: (0..<3 * plane).map { k in
                let row = Double(k % plane / columns), column = Double(k % columns), channel = Double(k / plane)
                let wave = ElementaryFunction.cos(row / 23 + channel) * ElementaryFunction.cos(column / 31 - channel)
                return Float(min(max(0.5 + 0.3 * wave + noise[k], 0), 1))
            },
            missing: PhotographMask.text.missing(rows: rows, columns: columns, picture: 0, seed: 0))
    }

    /// Runs it so many times on the threads of `compute`.
    package func measure(runs: Int, on compute: Compute) async throws -> Result {
        var options = prior.options, seconds: [Double] = [], evaluations = 0, patches = 0
        options.seed = 1
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let start = clock.now
            let filled = try await compute.fill(picture, prior: prior.prior, options: options).value.ascent
            seconds.append((clock.now - start) / .seconds(1))
            (evaluations, patches) = (filled.gradientEvaluations, filled.firstPatches)
        }
        return Result(
            seconds: seconds, operations: Double(evaluations) * operationsAPatch,
            peak: try await peak(on: compute), missingPixels: picture.missingPixels, patches: patches)
    }

    /// There and back: the mixture of channels and the three layers of each step, two operations a weight each way.
    private var operationsAPatch: Double {
        let sizes = prior.prior.model.architecture
        let weights =
            sizes.depth * sizes.depth
            + sizes.hidden * (sizes.kept + sizes.hidden + 2 * sizes.moved)
        return Double(4 * sizes.steps * weights)
    }

    /// What products of 128 patches with a square matrix of the hidden layers' size reach on all threads at once.
    private func peak(on compute: Compute) async throws -> Double {
        let size = prior.prior.model.architecture.hidden, rows = 128, repetitions = 4000
        let clock = ContinuousClock(), start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<compute.configuration.threads {
                group.addTask {
                    _ = try await compute.perform { _ in
                        let storage = Storage()
                        let a = try storage.make(Float.self, count: rows * size)
                        let b = try storage.make(Float.self, count: size * size)
                        let c = try storage.make(Float.self, count: rows * size)
                        let product = MatrixProduct(
                            MatrixView(a, stride: size), MatrixView(b, stride: size), into: c, stride: size, rows: rows,
                            columns: size, depth: size)
                        for _ in 0..<repetitions {
                            for panel in 0..<product.panels { product.multiply(panel: panel) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let operations = Double(2 * rows * size * size * repetitions * compute.configuration.threads)
        return operations / ((clock.now - start) / .seconds(1))
    }

    package func table(_ result: Result, threads: Int) -> MarkdownTable {
        var table = MarkdownTable(columns: ["\(columns)×\(rows) in colours, \(threads) threads", "value"])
        table.append(["missing pixels", "\(result.missingPixels)"])
        table.append(["patches an iteration and view", "\(result.patches)"])
        table.append(["seconds, the best", (result.seconds.min() ?? 0).threeDigits])
        table.append(["seconds, the median", median(result.seconds).threeDigits])
        table.append(["GFLOP of the patches' products", (result.operations / 1e9).threeDigits])
        table.append(["GFLOP/s of such products alone", (result.peak / 1e9).threeDigits])
        table.append(["share of the median that they take alone", result.share.threeDigits])
        return table
    }
}
