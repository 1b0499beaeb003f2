import LinearAlgebra
public import NormalizingFlows

extension TrainingStatistics {
    /// Of some images.
    ///
    /// - Parameter noise: σ of the noise that is added to each pixel.
    public init(of images: ImageSet, over numbers: [Int], noise: Double = 0, on pool: ThreadPool) {
        self.init(
            mean: images.means(over: numbers).map { Float($0 / 255) },
            factor: ImageCovariance.factor(of: images, over: numbers, noise: noise, on: pool).map(Half.array))
    }
}

extension Half {
    /// Rounded to binary16.
    static func array(_ values: [Float]) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: values.count) { buffer, count in
            if let start = buffer.baseAddress { convert(values, to: start, count: values.count) }
            count = values.count
        }
    }
}
