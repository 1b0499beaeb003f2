import ArgumentParser
import NormalizingFlows
import Training

/// How to train, as options of `riviera train`.
package struct TrainingOptionGroup: ParsableArguments {
    @Option(help: "How often each image is shown.") var epochs = 30
    @Option(help: "Images a step.") var batch = 256
    @Option(help: "The largest step of AdamW, after the warm-up.") var learningRate = 1e-3
    @Option(help: "The learning rate at the end, to which it falls along half a cosine.") var finalRate = 1e-6
    @Option(help: "Steps in which the learning rate rises.") var warmUp = 300
    @Option(help: "What share of the learning rate a step takes off each weight.") var weightDecay = 1e-4
    @Option(help: "The share of hidden units that a step leaves out.") var dropout = 0.0
    @Option(help: "Moves images by up to so many pixels, up or down and left or right.") var shift = 0
    @Option(help: "Turns images by up to so many degrees.") var rotate = 0.0
    @Option(help: "The share of images that --shift and --rotate move each time.") var moved = 1.0
    @Option(help: "The deviation of Gaussian noise on each pixel, where white is 1: makes a smoother density.")
    var noise = 0.0
    @Option(help: "How much of the averaged weights remains in a step; 0 averages nothing.") var average = 0.999
    @Option(help: "The norm that longer gradients are shortened to.") var clip = 1000.0
    @Option(help: "The share of images that are held out, to choose the best epoch by; 0 holds out none.")
    var validation = 0.1
    @Option(help: "Ends after so many epochs without a better validation log-likelihood; 0 does not.")
    var patience = 0
    @Option(help: "Of the random numbers: the same seed gives the same bytes.") var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        func whole(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
            }
        }
        func number(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
            guard range.contains(value) else {
                throw ValidationError("--\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
            }
        }
        try whole("epochs", epochs, 1...1_000_000)
        try whole("batch", batch, 1...65536)
        try whole("warm-up", warmUp, 0...1_000_000_000)
        try whole("shift", shift, 0...4096)
        try whole("patience", patience, 0...1_000_000)
        try number("learning-rate", learningRate, 1e-12...1)
        try number("final-rate", finalRate, 0...1)
        try number("weight-decay", weightDecay, 0...100)
        try number("dropout", dropout, 0...0.95)
        try number("rotate", rotate, 0...180)
        try number("moved", moved, 0...1)
        try number("noise", noise, 0...0.5)
        try number("average", average, 0...0.9999999)
        try number("clip", clip, 1e-9...1e30)
        try number("validation", validation, 0...0.9)
        guard weightDecay * learningRate <= 1 else {
            throw ValidationError("--weight-decay times --learning-rate must be at most 1")
        }
    }

    package var options: TrainingOptions {
        var options = TrainingOptions()
        options.epochs = epochs
        options.batch = batch
        options.learningRate = learningRate
        options.finalRate = finalRate
        options.warmUp = warmUp
        options.weightDecay = weightDecay
        options.dropout = dropout
        options.augmentation = Augmentation(shift: shift, rotation: rotate, share: moved)
        options.noise = noise
        options.averageDecay = average
        options.largestNorm = clip
        options.validation = validation
        options.patience = patience
        options.seed = seed
        return options
    }
}
