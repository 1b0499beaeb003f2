/// A checked request to fill missing pixels, in whatever form it came.
struct InpaintingRequest: Sendable {
    enum Method: String, CaseIterable, Sendable {
        case projectedGradient = "projected_gradient"
        case noisyGradient = "noisy_gradient"
        case posterior
    }

    enum StepSize: Sendable {
        /// `adam`, from the conditional mean within reach of it.
        case auto
        case adam
        /// The NICE paper's own, for `noisyGradient`.
        case paper
        case constant(Double)
    }

    /// What missing pixels start from.
    enum Initial: Sendable {
        case conditionalMean, mean, given, noise
        /// One of a conditional model's draws.
        case draw
        case value(Double)
    }

    let chosen: ChosenModel
    let masked: MaskedImage
    /// The given pixels, nil where there was none; row-major.
    var image: [Double?] { masked.pixels }
    /// True where a pixel is known.
    var known: [Bool] { masked.known }
    var method = Method.projectedGradient
    var stepSize = StepSize.auto
    var iterations = 300
    var tolerance = 0.0
    /// Nil: the conditional mean, or the mean where the model has too many pixels for that.
    var initial: Initial?
    /// The field that says so, for errors.
    var initialCulprit = Problem.Culprit.pointer("")
    var seed: UInt64?
    var traceEvery = 0
    /// Chains of `posterior`, or a conditional model's draws.
    var samples = 16
    /// How many draws a conditional model makes where nothing is said: enough for intervals.
    static let conditionalSamples = 32
    var truth: [Double]?

    /// Whether anything in the answer is random.
    var isRandom: Bool {
        switch initial {
        case .noise, .draw: return true
        default: return method == .noisyGradient || method == .posterior
        }
    }

    var shape: ImageShape { chosen.shape }
    var missingPixels: Int { masked.missingPixels }
}
