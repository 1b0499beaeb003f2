import NormalizingFlows
import Statistics

/// Noise of a random level that an image is shown with, for models that are told the level.
package struct RandomNoise {
    let levels: NoiseLevels
    let dimension: Int

    package init(levels: NoiseLevels, dimension: Int) {
        self.levels = levels
        self.dimension = dimension
    }

    /// Adds noise to an image.
    ///
    /// - Parameters:
    ///   - number: of the image.
    ///   - epoch: nil where it is evaluated: then it always has the same noise.
    /// - Returns: σ.
    package func add(to image: UnsafeMutablePointer<Float>, seed: UInt64, epoch: Int?, number: Int) -> Double {
        let part = epoch == nil ? 1 : 0
        let choice = Philox(seed: seed, stream: RandomPurpose.noiseLevels.stream(epoch: epoch ?? 0, part: part))
        let level = levels.level(at: (Double(choice.block(at: UInt64(number)).x) + 0.5) * 0x1p-32)
        let noise = Philox(seed: seed, stream: RandomPurpose.levelNoise.stream(epoch: epoch ?? 0, part: part))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { draws in
            NormalDistribution.standard.fill(draws, from: noise, at: UInt64(number * dimension))
            for k in 0..<dimension { image[k] = Float(Double(image[k]) + level * draws[k]) }
        }
        return level
    }
}
