/// A number that single precision cannot hold, or whose square it cannot, in the evaluation of a model,
/// and what made it. All that was computed from it is worthless.
public struct NonFiniteValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// What made the number.
    public enum Origin: Hashable, Sendable, CustomStringConvertible {
        /// The image itself.
        case image
        /// A linear map of a coupling's network, by its name in the state dict:
        /// `coupling.1.mid_block.0.0`.
        case layer(String)
        /// The half of the pixels that a coupling moves.
        case output(coupling: Int)
        /// The scaling layer at a pixel, from 0.
        case scaling(pixel: Int)
        /// log p itself, where no layer can be named.
        case logLikelihood
        /// The way back from a latent, at a pixel, from 0.
        case decoding(pixel: Int)
        /// ∂ log p / ∂x at a pixel, from 0.
        case gradient(pixel: Int)
        /// A step of an ascent, at a pixel, from 0.
        case step(pixel: Int)

        /// `the output of coupling.1.mid_block.0.0`
        public var description: String {
            switch self {
            case .image: "the image"
            case .layer(let name): "the output of \(name)"
            case .output(let coupling): "the output of coupling.\(coupling)"
            case .scaling(let pixel): "the output of scaling.scale at pixel \(pixel)"
            case .logLikelihood: "the log-likelihood"
            case .decoding(let pixel): "the decoded image at pixel \(pixel)"
            case .gradient(let pixel): "the gradient of the log-likelihood at pixel \(pixel)"
            case .step(let pixel): "the step of the ascent at pixel \(pixel)"
            }
        }
    }

    public let origin: Origin

    public init(_ origin: Origin) { self.origin = origin }

    /// `the output of coupling.1.mid_block.0.0 leaves the range of single precision`
    public var description: String { "\(origin) leaves the range of single precision" }

    /// The tensor whose numbers made it, where it is one.
    var tensor: String? {
        switch origin {
        case .layer(let name): "\(name).weight"
        case .output(let coupling): "coupling.\(coupling).out_block.weight"
        case .scaling: NICEArchitecture.scaleName
        case .image, .logLikelihood, .decoding, .gradient, .step: nil
        }
    }
}
