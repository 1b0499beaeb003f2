import Compute
import NormalizingFlows
import Statistics

/// Fills the holes of images whose truth is known, by one method after the other, and judges the results:
/// `riviera evaluate`.
package struct InpaintingQuality: Sendable {
    /// Image by image, row by row, 0…1.
    package let images: [[Double]]
    package let rows, columns: Int
    let compute: Compute
    let seed: UInt64
    /// The model that `conditional` draws from; nil where no method needs it.
    let conditional: LoadedModel?

    /// - Parameters:
    ///   - images: of as many pixels as the model's.
    ///   - seed: of starts and steps that are random.
    ///   - conditional: a model of missing pixels given the known ones, for the methods that need one.
    package init(
        images: [[Double]], rows: Int, columns: Int, on compute: Compute, seed: UInt64,
        conditional: LoadedModel? = nil
    ) {
        self.images = images
        self.rows = rows
        self.columns = columns
        self.compute = compute
        self.seed = seed
        self.conditional = conditional
    }

    /// The images as a method fills them, in order; several are under way at once.
    package func filled(
        by method: QualityMethod, _ mask: QualityMask, progress: @Sendable (Int) -> Void
    ) async throws -> [[Double]] {
        try await each(progress: progress) { index in
            try await fill(index, known: mask.known(index), by: method)
        }
    }

    /// The scores of filled images, in order.
    ///
    /// - Parameter filled: as many as there are images.
    package func scores(of filled: [[Double]], _ mask: QualityMask) async throws -> [QualityScore] {
        try await each(progress: { _ in }) { index in
            let truth = images[index], image = filled[index]
            let likelihood = try await compute.likelihood(of: image.map { Float($0) })
            return QualityScore(
                psnr: QualityScore.psnr(of: image, truth: truth, known: mask.known(index)),
                ssim: QualityScore.ssim(image, truth, columns: columns),
                logLikelihood: likelihood.value.logLikelihood)
        }
    }

    /// Runs `body` for each image's number, twice as many at once as there are threads.
    ///
    /// - Parameter progress: gets how many have ended.
    func each<Value: Sendable>(
        progress: @Sendable (Int) -> Void, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        let most = 2 * compute.configuration.threads
        return try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var values: [Int: Value] = [:], next = 0
            func begin() {
                guard next < images.count else { return }
                group.addTask { [next] in (next, try await body(next)) }
                next += 1
            }
            for _ in 0..<most { begin() }
            while let (index, value) = try await group.next() {
                values[index] = value
                progress(values.count)
                begin()
            }
            return images.indices.compactMap { values[$0] }
        }
    }

    private func fill(_ index: Int, known: [Bool], by method: QualityMethod) async throws -> [Double] {
        let pixels = zip(images[index], known).map { $1 ? Float($0) : 0 }
        let randomness = seed &+ UInt64(index)
        let start: [Float]
        var reach: [Float]?
        switch method.start {
        case .conditionalMean where compute.standard.model.hasConditionalMeans:
            let mean = try await compute.conditionalMean(of: pixels, known: known).value
            (start, reach) = (mean.image, mean.deviations)
        case .conditionalMean, .mean: start = try await compute.meanImage()
        case .draw: start = try await draws(1, of: pixels, known, seed: randomness).draw(0)
        case .noise:
            start = UniformDistribution.standard
                .draws(known.count, from: Philox(seed: randomness, stream: 1)).map { Float($0) }
        }
        if method.move == .posterior {
            let mean = try await posteriorMean(pixels, known, method.iterations, seed: randomness)
            return zip(images[index], zip(known, mean)).map { $1.0 ? $0 : Double($1.1) }
        }
        if method.move == .conditional {
            let mean = try await draws(method.iterations, of: pixels, known, seed: randomness).meanImage
            return zip(images[index], zip(known, mean)).map { $1.0 ? $0 : Double($1.1) }
        }
        let specification = InpaintingSpecification(image: pixels, known: known)
        let answer: [Float]
        if let rule = try await rule(method, reach: reach, seed: randomness) {
            let run = InpaintingRun(
                specification, from: start, rule: rule, limits: .init(iterations: method.iterations))
            answer = try await compute.inpaint(run).value.answer
        } else {
            answer = specification.start(from: start)
        }
        return zip(images[index], zip(known, answer)).map { $1.0 ? $0 : Double($1.1) }
    }

    private func posteriorMean(
        _ pixels: [Float], _ known: [Bool], _ iterations: Int, seed: UInt64
    ) async throws -> [Float] {
        let noise = compute.standard.posteriorModel.trainingNoise
        let run = PosteriorRun(
            PosteriorSpecification(
                image: pixels, known: known, noise: noise, range: noise > 0 ? .unbounded : .unitInterval,
                gaussian: try await compute.posteriorGaussian(known: known).value, chains: 16, iterations: iterations,
                seed: seed))
        return try await compute.draw(run).value.meanImage
    }

    private func rule(_ method: QualityMethod, reach: [Float]?, seed: UInt64) async throws -> (any AscentRule)? {
        let dimension = rows * columns
        return switch method.move {
        case .none, .posterior, .conditional: nil
        case .projectedGradient:
            AdaptiveStep(dimension: dimension, iterations: method.iterations, reach: reach)
        case .adam: AdaptiveStep(dimension: dimension, iterations: method.iterations)
        case .noisyGradient:
            NoisyGradient(
                dimension: dimension, curvature: try await compute.curvature().value,
                using: Philox(seed: seed, stream: 2))
        case .paperGradient: NoisyGradient(dimension: dimension, using: Philox(seed: seed, stream: 2))
        }
    }
}
