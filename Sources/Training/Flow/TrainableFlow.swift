import NormalizingFlows

/// A normalizing flow that can be trained by maximum likelihood.
///
/// The flow says what parameters it has and computes log-likelihoods and their gradient for a batch;
/// parameters, optimizer and data are the trainer's. An object has room for one batch at a time.
///
/// What is computed of an image depends on the parameters, the image and, where units are dropped, on the image's
/// number and the epoch; sums over a batch run in order of its images. None of that depends on the pool's threads.
public protocol TrainableFlow: AnyObject {
    /// D, pixels an image.
    var dimension: Int { get }
    /// Images that a batch has at most.
    var batchCapacity: Int { get }
    /// All parameters, in the order of the file; what training needs besides comes last.
    var tensors: [ParameterTensor] { get }
    /// How many of them are the model's, and in its file.
    var tensorsOfModel: Int { get }
    /// Numbers in the array of all parameters.
    var parameterSpan: Int { get }

    /// Sets parameters to where training starts.
    ///
    /// - Parameters:
    ///   - moments: of the training images.
    ///   - seed: of the random numbers.
    func initialize(_ parameters: UnsafeMutablePointer<Float>, moments: PixelMoments, seed: UInt64)

    /// How many numbers the log-likelihoods of these images are densities of, in all: D an image, or its missing
    /// pixels where the flow is one of those given the others.
    func densityDimension(of shown: ShownImages) -> Int

    /// log p(x) in nats of each image of a batch.
    ///
    /// - Parameters:
    ///   - images: (count, D), pixels in 0…1.
    ///   - shown: which images they are.
    ///   - results: `count` numbers; one that is not finite where single precision ends.
    func evaluate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool)

    /// The same with units dropped where the flow has some, and the gradient of −(Σ log p) / count.
    func differentiate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool)

    /// What the last `differentiate` left of a tensor's gradient.
    func gradient(of tensor: Int) -> ParameterGradient

    /// What the file says of the architecture.
    var metadata: [String: String] { get }
}

extension TrainableFlow {
    public var tensorsOfModel: Int { tensors.count }
}
