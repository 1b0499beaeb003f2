import LinearAlgebra
import NormalizingFlows

extension LoadedModel {
    /// Whether its images have few enough pixels for a conditional mean.
    public var hasConditionalMeans: Bool { flow.dimension <= ImageGaussian.mostPixels }
}

extension Compute {
    /// The mean of the missing pixels given the known ones, which come back as they are, and how far from it they may be,
    /// under the normal distribution that has the mean and the covariance of the model's images.
    ///
    /// In steps of about a millisecond on one thread; what the model and the mask need beforehand is kept.
    ///
    /// - Parameters:
    ///   - image: D pixels; missing ones do not matter.
    ///   - known: true where a pixel is known, D entries.
    ///   - model: nil for the default one.
    /// - Throws: `NotPositiveDefinite` where the weights file's covariance has no inverse in double precision.
    /// - Precondition: the model has conditional means.
    public func conditionalMean(
        of image: [Float], known: [Bool], by model: LoadedModel? = nil, in context: WorkContext = .unlimited
    ) async throws -> Timed<ConditionalMean> {
        let model = model ?? standard.model
        precondition(
            model.hasConditionalMeans && image.count == known.count && known.count == model.flow.dimension)
        return try await perform(from: (), in: context) { _, resources in
            guard let gaussian = try model.statistics.advanceGaussian(resources) else { return nil }
            let entry = model.conditionals.entry(for: known, in: gaussian)
            let conditional = try entry.run.withLock { run throws(NotPositiveDefinite) in
                try run.advance(operations: operationsPerStep)
                return run.result
            }
            return conditional.map {
                ConditionalMean(image: $0.mean(of: image, in: gaussian), deviations: $0.deviations)
            }
        }
    }
}

/// The mean of an image's missing pixels given the known ones.
public struct ConditionalMean: Sendable {
    /// D pixels, the missing ones not clamped.
    public let image: [Float]
    /// The standard deviation of each missing pixel given the known ones; 0 of these. D entries.
    public let deviations: [Float]
}
