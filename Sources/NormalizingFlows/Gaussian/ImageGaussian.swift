import LinearAlgebra

/// The normal distribution that has the mean and the covariance of a model's images: what is needed for the best
/// linear guess of missing pixels.
public struct ImageGaussian: Sendable {
    /// Images of more pixels have too many pairs of them.
    public static let mostPixels = 2048

    /// μ, D numbers.
    public let mean: [Double]
    /// Σ and its inverse Λ, (D, D).
    public let covariance, precision: Matrix

    public var dimension: Int { mean.count }

    /// - Parameters:
    ///   - mean: D numbers.
    ///   - covariance, precision: (D, D), each the other's inverse.
    public init(mean: [Double], covariance: Matrix, precision: Matrix) {
        precondition(covariance.rows == mean.count && precision.rows == mean.count)
        self.mean = mean
        self.covariance = covariance
        self.precision = precision
    }
}
