/// What a weights file records of the images that its model was trained on.
public struct TrainingStatistics: Sendable {
    /// The mean image, a pixel as byte / 255. D numbers.
    public let mean: [Float]
    /// The lower triangle, row by row, of the Cholesky factor of their covariance, as binary16; nil for images of more
    /// than `ImageGaussian.mostPixels`.
    public let factor: [UInt16]?

    public init(mean: [Float], factor: [UInt16]?) {
        self.mean = mean
        self.factor = factor
    }
}
