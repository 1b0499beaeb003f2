/// How far a run has come: what a checkpoint records beside the numbers of the parameters.
public struct TrainingProgress: Sendable, Hashable {
    /// Log-likelihoods in nats, the mean over images, after an epoch.
    public struct Point: Sendable, Hashable {
        /// Counted from 1.
        public let epoch: Int
        /// Of the training images as they were shown in the epoch, by the weights of that moment.
        public let training: Double
        /// Of the images held out, by the averaged weights; nil where none are.
        public let validation: Double?

        package init(epoch: Int, training: Double, validation: Double?) {
            self.epoch = epoch
            self.training = training
            self.validation = validation
        }
    }

    /// Epochs that are over, and steps of the next one.
    public internal(set) var epoch = 0, step = 0
    /// Σ log p of the images that have been shown in this epoch.
    public internal(set) var sum = 0.0
    public internal(set) var images = 0
    /// After each epoch.
    public package(set) var curve: [Point] = []

    public init() {}

    /// The epoch with the highest validation log-likelihood, the first of several; the last one where no images are
    /// held out.
    public var best: Point? {
        var best: Point?
        for point in curve {
            guard let value = point.validation, let highest = best?.validation else {
                best = point
                continue
            }
            if value > highest { best = point }
        }
        return best
    }

    /// Whether the last epoch was the best so far.
    public var hasImproved: Bool { best?.epoch == curve.last?.epoch }

    /// Epochs since the best one.
    public var epochsWithoutImprovement: Int { (curve.last?.epoch ?? 0) - (best?.epoch ?? 0) }
}
