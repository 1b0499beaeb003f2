import Statistics

/// Makes batches of images: moved, dequantized, as rows of numbers in 0…1, to which Gaussian noise may be added.
///
/// A density of grey levels, of which there are 256, has no maximum: it may be infinite at each of them. Uniform
/// noise of one level's width makes it a density on 0…1 (Theis, van den Oord, Bethge, "A note on the evaluation of
/// generative models", ICLR 2016): x = (byte + u) / 256.
///
/// Noise of deviation σ makes the density that of images convolved with a Gaussian: smooth at the scale of σ
/// where the images' own is steep, which a sampler needs.
package struct BatchMaker {
    let images: ImageSet
    let augmentation: Augmentation
    /// σ of the Gaussian noise on each pixel, ≥ 0.
    let noise: Double
    let seed: UInt64

    /// What random numbers an image is shown with.
    package enum Showing {
        /// New ones in each epoch.
        case training(epoch: Int)
        /// Always the same, unmoved.
        case evaluation
    }

    package init(images: ImageSet, augmentation: Augmentation, noise: Double = 0, seed: UInt64) {
        self.images = images
        self.augmentation = augmentation
        self.noise = noise
        self.seed = seed
    }

    /// Writes the images of these numbers to `batch`, (numbers, D).
    package func fill(
        _ batch: UnsafeMutablePointer<Float>, with numbers: ArraySlice<Int>, _ showing: Showing, on pool: ThreadPool
    ) {
        let first = numbers.startIndex
        pool.forEach(numbers.count) { row in
            fill(batch + row * images.dimension, with: numbers[first + row], showing)
        }
    }

    private func fill(_ row: UnsafeMutablePointer<Float>, with number: Int, _ showing: Showing) {
        let dimension = images.dimension, blocks = (dimension + 3) / 4
        let stream: UInt64, noiseStream: UInt64
        var movement: Philox?
        switch showing {
        case .training(let epoch):
            stream = RandomPurpose.dequantization.stream(epoch: epoch)
            noiseStream = RandomPurpose.noise.stream(epoch: epoch)
            if augmentation.isActive {
                movement = Philox(seed: seed, stream: RandomPurpose.augmentation.stream(epoch: epoch))
            }
        case .evaluation:
            stream = RandomPurpose.evaluation.stream()
            noiseStream = RandomPurpose.noise.stream(part: 1)
        }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocks) { words in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: dimension) { moved in
                Philox(seed: seed, stream: stream).fill(words, fromBlock: UInt64(number * blocks))
                images.bytes.withUnsafeBufferPointer { bytes in
                    guard let start = bytes.baseAddress, let room = moved.baseAddress else { return }
                    var source = start + number * dimension
                    if let movement {
                        augmentation.move(
                            source, rows: images.rows, columns: images.columns,
                            by: movement.block(at: UInt64(number)), into: room)
                        source = UnsafePointer(room)
                    }
                    for k in 0..<dimension {
                        row[k] = (Float(source[k]) + Float(words[k] >> 8) * 0x1p-24) * 0x1p-8
                    }
                }
            }
        }
        if noise > 0 { addNoise(to: row, from: Philox(seed: seed, stream: noiseStream), number: number) }
    }

    private func addNoise(to row: UnsafeMutablePointer<Float>, from randomness: Philox, number: Int) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: images.dimension) { draws in
            NormalDistribution.standard.fill(draws, from: randomness, at: UInt64(number * images.dimension))
            for k in 0..<images.dimension { row[k] = Float(Double(row[k]) + noise * draws[k]) }
        }
    }
}
