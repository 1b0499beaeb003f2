import Statistics

/// Which hidden units a training step leaves out (Srivastava et al., "Dropout", JMLR 2014): each
/// with probability `rate`, independently for each image; the others are multiplied by 1 / (1 − rate).
public struct Dropout {
    /// 0 ..< 1; 0 leaves out none.
    public let rate: Double
    let seed: UInt64
    let epoch: Int
    /// The number of each image of the batch in the training set.
    let images: [Int]

    /// nil where nothing is left out.
    init?(_ shown: ShownImages) {
        guard let epoch = shown.epoch, shown.dropoutRate > 0 else { return nil }
        rate = shown.dropoutRate
        seed = shown.seed
        self.epoch = epoch
        images = shown.numbers
    }

    /// What a unit that stays is multiplied with.
    var factor: Float { Float(1 / (1 - rate)) }
    /// A unit whose 16 random bits are below this is left out.
    private var threshold: UInt16 { UInt16(min((rate * 65536).rounded(), 65535)) }

    /// Multiplies the units of one image's layer, given by their numbers, by 0 or by `factor`.
    ///
    /// - Parameters:
    ///   - image: its place in the batch.
    ///   - layer: a number that no other layer of the model has.
    ///   - width: units of the layer.
    func apply(
        to units: UnsafeMutablePointer<Float>, numbers: UnsafePointer<UInt32>, count: Int, image: Int, layer: Int,
        width: Int
    ) {
        // Eight units a block of Philox.
        let blocks = (width + 7) / 8, threshold = threshold, factor = factor
        let philox = Philox(seed: seed, stream: RandomPurpose.dropout.stream(epoch: epoch, part: layer))
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocks) { words in
            philox.fill(words, fromBlock: UInt64(images[image]) * UInt64(blocks))
            words.withMemoryRebound(to: UInt16.self) { bits in
                for k in 0..<count {
                    units[k] = bits[Int(numbers[k])] < threshold ? 0 : units[k] * factor
                }
            }
        }
    }
}
