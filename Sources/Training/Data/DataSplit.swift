import Statistics

/// Which images are trained on, and which show how well what was learned holds for others.
public struct DataSplit: Sendable, Hashable {
    /// Numbers of images in rising order; no image is in both.
    public let training, validation: [Int]

    /// Sets a share of the images aside, chosen by a permutation that depends on their number alone: whatever else
    /// is tried on the same images, the same ones are held out.
    ///
    /// - Parameter validation: the share, 0 ..< 1; at least one image is left to train on.
    public init(of count: Int, validation share: Double) {
        var generator = PhiloxGenerator(Philox(seed: 0, stream: RandomPurpose.split.stream()))
        let order = Array(0..<count).shuffled(using: &generator)
        let held = min(Int((Double(count) * share).rounded()), max(count - 1, 0))
        validation = order[..<held].sorted()
        training = order[held...].sorted()
    }
}
