import Statistics

/// What is drawn: p(missing | known) of an image under a model.
public struct PosteriorSpecification: Sendable {
    /// D pixels in row-major order. The values of missing pixels do not matter here.
    public let image: [Float]
    /// True where the pixel is known. D entries.
    public let known: [Bool]
    /// σ of the noise in the images that the model was trained on, where black is 0 and white 1, which is taken off the
    /// draws. 0: none.
    public let noise: Double
    /// Where missing pixels may go.
    public let range: PixelRange
    /// The Gaussian that chains start from, and that says how far apart their directions are.
    public let gaussian: PosteriorGaussian
    /// Chains, ≥ 1.
    public let chains: Int
    /// Gradient evaluations of each chain, ≥ 1.
    public let iterations: Int
    /// Keep log p every so many evaluations; 0 = never.
    public let traceEvery: Int
    public let seed: UInt64

    /// - Precondition: `image` and `known` have D entries, `gaussian` is of the same known pixels, `chains` and
    ///   `iterations` are at least 1.
    public init(
        image: [Float], known: [Bool], noise: Double, range: PixelRange, gaussian: PosteriorGaussian, chains: Int,
        iterations: Int, traceEvery: Int = 0, seed: UInt64
    ) {
        precondition(image.count == known.count && chains >= 1 && iterations >= 1)
        self.image = image
        self.known = known
        self.noise = noise
        self.range = range
        self.gaussian = gaussian
        self.chains = chains
        self.iterations = iterations
        self.traceEvery = traceEvery
        self.seed = seed
    }
}
