extension Checkpoint {
    /// The mean of the training images, where the file records it.
    ///
    /// - Parameter dimension: pixels that the mean must have.
    func trainingMean(dimension: Int) throws(CheckpointError) -> [Float]? {
        guard let tensor = self[NICEArchitecture.trainingMeanName] else { return nil }
        guard tensor.count == dimension else {
            throw tensor.failure("has the shape \(brief(tensor.shape)), where [\(dimension)] was expected")
        }
        let mean = tensor.floats()
        if let index = mean.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            throw tensor.failure(at: index, "is \(mean[index]); a pixel of a mean lies in 0…1")
        }
        return mean
    }

    /// The Cholesky factor of the training images' covariance, where the file records it and it is of use.
    ///
    /// Images as (byte + u) / 256 have standard deviations below 1, and given any others a pixel has one of at least
    /// 1/(256·√12), of which rounding takes less than half.
    func trainingFactor(dimension: Int) throws(CheckpointError) -> [Float]? {
        guard dimension <= ImageGaussian.mostPixels, let tensor = self[NICEArchitecture.trainingFactorName] else {
            return nil
        }
        let count = dimension * (dimension + 1) / 2
        guard tensor.count == count else {
            throw tensor.failure("has the shape \(brief(tensor.shape)), where [\(count)] was expected")
        }
        let factor = tensor.floats()
        if let index = factor.firstIndex(where: { !($0.magnitude <= 1) }) {
            throw tensor.failure(at: index, "is \(factor[index]); a factor of images in 0…1 has numbers in ±1")
        }
        var diagonal = 0
        for row in 0..<dimension {
            if factor[diagonal] < leastDeviation {
                throw tensor.failure(
                    at: diagonal, "is \(factor[diagonal]), on the diagonal, where at least 1/2048 was expected")
            }
            diagonal += row + 2
        }
        return factor
    }
}

private let leastDeviation: Float = 1 / 2048
