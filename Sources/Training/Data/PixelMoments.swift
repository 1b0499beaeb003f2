public import LinearAlgebra

/// What a flow may start from: mean, deviations and covariance of training images as they are shown, x = (byte + u) / 256
/// with u uniform on 0…1, and with noise where the training has some.
public struct PixelMoments {
    /// Of each number of an image.
    public let means, deviations: [Double]
    private let makeCovariance: () -> Matrix

    /// - Parameter covariance: called where a flow asks for it.
    public init(means: [Double], deviations: [Double], covariance: @escaping () -> Matrix) {
        precondition(means.count == deviations.count)
        self.means = means
        self.deviations = deviations
        makeCovariance = covariance
    }

    /// - Parameter noise: σ of the noise that is added to each pixel.
    init(of images: ImageSet, over numbers: [Int], noise: Double, on pool: ThreadPool) {
        self.init(
            means: images.means(over: numbers).map { ($0 + 0.5) / 256 },
            deviations: images.deviations(over: numbers).map { ($0 * $0 + noise * noise).squareRoot() }
        ) {
            var covariance = ImageCovariance.covariance(of: images, over: numbers, on: pool)
            for k in 0..<images.dimension { covariance[k, k] += noise * noise }
            return covariance
        }
    }

    /// (D, D). O(images · D²).
    public func covariance() -> Matrix { makeCovariance() }
}
