/// How a model is trained: all that the result depends on, but for the images and the architecture.
public struct TrainingOptions: Sendable, Hashable {
    /// How often each image is shown.
    public var epochs = 30
    /// Images a step.
    public var batch = 256
    public var learningRate = 1e-3
    /// The learning rate at the end.
    public var finalRate = 1e-6
    /// Steps in which the learning rate rises.
    public var warmUp = 300
    public var weightDecay = 1e-4
    /// The share of hidden units that a step leaves out.
    public var dropout = 0.0
    public var augmentation = Augmentation()
    /// σ of the Gaussian noise that is added to each pixel, where black is 0 and white 1.
    public var noise = 0.0
    /// How much of the averaged weights remains in a step; 0 averages nothing.
    public var averageDecay = 0.999
    /// The norm that longer gradients are shortened to.
    public var largestNorm = 1000.0
    /// The share of images that is held out.
    public var validation = 0.1
    /// Epochs without a better validation log-likelihood after which training ends; 0: it does not.
    public var patience = 0
    public var seed: UInt64 = 0

    public init() {}

    /// By the names of `riviera train`'s options, for files and for comparison.
    public var metadata: [String: String] {
        [
            "epochs": "\(epochs)", "batch": "\(batch)", "learning_rate": "\(learningRate)",
            "final_rate": "\(finalRate)", "warm_up": "\(warmUp)", "weight_decay": "\(weightDecay)",
            "dropout": "\(dropout)", "shift": "\(augmentation.shift)", "rotate": "\(augmentation.rotation)",
            "moved": "\(augmentation.share)", "noise": "\(noise)", "average": "\(averageDecay)",
            "clip": "\(largestNorm)",
            "validation": "\(validation)", "patience": "\(patience)", "seed": "\(seed)",
        ]
    }
}
