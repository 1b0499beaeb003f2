import LinearAlgebra
import NormalizingFlows
import Statistics

/// Training a flow by maximum likelihood, step by step.
///
/// What comes out depends on the images, the architecture and the options; not on the number of threads, the
/// instruction set, or on where the run was interrupted and taken up again.
public final class TrainingRun {
    public let options: TrainingOptions
    public let flow: any TrainableFlow
    public let images: ImageSet
    public let split: DataSplit
    public let parameters: ParameterStore
    public package(set) var progress = TrainingProgress()
    public let pool: ThreadPool

    let optimizer: AdamW
    let schedule: LearningRateSchedule
    private let maker: BatchMaker
    private let storage = Storage()
    private let batch: UnsafeMutablePointer<Float>
    var knownStatistics: TrainingStatistics?
    /// The order of this epoch's images.
    private var order: (epoch: Int, numbers: [Int])?

    /// - Parameter images: of as many pixels as the flow has.
    /// - Throws: `OutOfMemory`.
    public init(
        _ flow: any TrainableFlow, on images: ImageSet, options: TrainingOptions, pool: ThreadPool
    ) throws(OutOfMemory) {
        precondition(images.dimension == flow.dimension && images.count > 0 && options.batch <= flow.batchCapacity)
        self.flow = flow
        self.images = images
        self.options = options
        self.pool = pool
        split = DataSplit(of: images.count, validation: options.validation)
        parameters = try ParameterStore(of: flow, averages: options.averageDecay > 0)
        optimizer = AdamW(
            weightDecay: options.weightDecay, largestNorm: options.largestNorm, averageDecay: options.averageDecay)
        let steps = (split.training.count + options.batch - 1) / options.batch
        schedule = LearningRateSchedule(
            peak: options.learningRate, final: options.finalRate, warmUp: options.warmUp,
            steps: steps * options.epochs)
        maker = BatchMaker(
            images: images, augmentation: options.augmentation, noise: options.noise, seed: options.seed)
        batch = try storage.make(Float.self, count: options.batch * flow.dimension)
        flow.initialize(
            parameters.weights,
            moments: PixelMoments(of: images, over: split.training, noise: options.noise, on: pool), seed: options.seed)
        parameters.startAverage()
    }

    /// Steps an epoch.
    public var steps: Int { (split.training.count + options.batch - 1) / options.batch }

    /// Whether all epochs are over, or patience is.
    public var isOver: Bool {
        progress.step == 0
            && (progress.epoch >= options.epochs
                || options.patience > 0 && progress.epochsWithoutImprovement >= options.patience)
    }

    /// Shows the next batch.
    ///
    /// - Throws: `TrainingError` where numbers are no longer finite; the parameters stay as they were.
    public func advance() throws(TrainingError) {
        let epoch = progress.epoch, numbers = order(of: epoch)
        let first = progress.step * options.batch
        let shown = numbers[first..<min(first + options.batch, numbers.count)]
        maker.fill(batch, with: shown, .training(epoch: epoch), on: pool)
        var results = [Double](repeating: 0, count: shown.count)
        flow.differentiate(
            batch,
            shown: ShownImages(
                seed: options.seed, epoch: epoch, numbers: Array(shown), dropoutRate: options.dropout),
            parameters: parameters.weights, into: &results, on: pool)
        let sum = results.reduce(0, +)
        let norm = parameters.gradientNorm(of: flow, on: pool)
        guard sum.isFinite, norm.isFinite else { throw .notFinite(epoch: epoch, step: progress.step) }
        let index = epoch * steps + progress.step
        parameters.apply(
            optimizer.step(index, rate: schedule.rate(at: index), gradientNorm: norm), of: flow, on: pool)
        progress.sum += sum
        progress.images += shown.count
        progress.step += 1
    }

    /// Ends an epoch whose steps have been made: evaluates the images that are held out.
    public func endEpoch() {
        precondition(progress.step == steps)
        let validation = split.validation.isEmpty ? nil : meanLogLikelihood(of: split.validation)
        progress.epoch += 1
        progress.curve.append(
            .init(
                epoch: progress.epoch, training: progress.sum / Double(max(progress.images, 1)),
                validation: validation))
        progress.step = 0
        progress.sum = 0
        progress.images = 0
    }

    /// The mean log-likelihood of some of the images, as they are, by the averaged weights, in nats.
    public func meanLogLikelihood(of numbers: [Int]) -> Double {
        meanLogLikelihood(of: numbers, in: maker)
    }

    /// 8 − log p / (d ln 2), for a mean log-likelihood in nats of some images of 256 grey levels, where d is the mean
    /// number of pixels that the flow is a density of.
    public func bitsPerDimension(_ logLikelihood: Double, of numbers: [Int]) -> Double {
        let shown = ShownImages(seed: options.seed, epoch: nil, numbers: numbers)
        let dimension = Double(flow.densityDimension(of: shown)) / Double(max(numbers.count, 1))
        return 8 - logLikelihood / (max(dimension, 1) * 0.693147180559945309417)
    }

    /// The same of all images of another set of the same size.
    public func meanLogLikelihood(of other: ImageSet) -> Double {
        precondition(other.dimension == flow.dimension)
        let maker = BatchMaker(images: other, augmentation: Augmentation(), noise: options.noise, seed: options.seed)
        return meanLogLikelihood(of: Array(0..<other.count), in: maker)
    }

    private func meanLogLikelihood(of numbers: [Int], in maker: BatchMaker) -> Double {
        var sum = 0.0
        for first in stride(from: 0, to: numbers.count, by: options.batch) {
            let shown = numbers[first..<min(first + options.batch, numbers.count)]
            maker.fill(batch, with: shown, .evaluation, on: pool)
            var results = [Double](repeating: 0, count: shown.count)
            flow.evaluate(
                batch, shown: ShownImages(seed: options.seed, epoch: nil, numbers: Array(shown)),
                parameters: parameters.best, into: &results, on: pool)
            sum += results.reduce(0, +)
        }
        return sum / Double(max(numbers.count, 1))
    }

    /// The training images in a new order each epoch.
    private func order(of epoch: Int) -> [Int] {
        if let order, order.epoch == epoch { return order.numbers }
        var generator = PhiloxGenerator(
            Philox(seed: options.seed, stream: RandomPurpose.order.stream(epoch: epoch)))
        let numbers = split.training.shuffled(using: &generator)
        order = (epoch, numbers)
        return numbers
    }
}
