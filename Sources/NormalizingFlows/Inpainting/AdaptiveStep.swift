import Projections
import Statistics

/// The step that needs no tuning: projected Adam (Kingma, Ba, 2015). Its rate rises to 0.2 over the
/// first 15 iterations (over the first tenth of fewer than 150) and falls to 0 as a cosine over all
/// iterations. β₁ = β₂ = 1 − 10 / iterations, at least 0.9 and at most 0.95: a short ascent needs a
/// short memory.
///
/// The scaling e^s makes log p's curvature differ by orders of magnitude between pixels; Adam
/// divides each pixel's step by the size of its own recent gradients, which a constant step
/// cannot. Its first steps are as long as the rate in every pixel, since only one gradient is known
/// then. At the full rate they move the pixels near an image's border, which hardly vary, so far that
/// the way back takes twenty iterations; this is why the rate rises first. The answer is the best point
/// met, so it is never below the start.
///
/// With `reach` a pixel's rates add up to its own number instead, and it never moves further: with β₁ = β₂ the mean of its
/// gradients is at most the root of the mean of their squares, so that no step is longer than the rate. From the conditional mean, with the standard deviation
/// that the known pixels leave a pixel, that is what makes the best pictures: the likelihood rises most of the way, and the
/// image keeps to where the truth can be. Its maximum often lies far from there, as far above the truth's own
/// likelihood as no image of the training data is.
public struct AdaptiveStep: AscentRule {
    public static let rate: Float = 0.2
    private static let longestRise = 15
    static let smallest: Float = 1e-8

    public var keepsBest: Bool { true }
    private let iterations: Int
    /// β₁ = β₂.
    private let decay: Float
    private var first, second: [Float]
    /// βⁱ.
    private var power: Float = 1
    /// What a pixel's rate is to be multiplied by; nil where that is 1.
    private var scales: [Float]?

    /// - Parameter reach: how far each pixel can move in all, D numbers of at least 0; nil for anywhere.
    public init(dimension: Int, iterations: Int, reach: [Float]? = nil) {
        self.iterations = iterations
        decay = 1 - min(max(10 / Float(iterations), 0.05), 0.1)
        first = Array(repeating: 0, count: dimension)
        second = first
        if let reach {
            precondition(reach.count == dimension)
            let total = (0..<iterations).reduce(0) { $0 + rate(of: $1) }
            scales = reach.map { $0 / total }
        }
    }

    /// The rate of an iteration, from 0.
    private func rate(of iteration: Int) -> Float {
        let phase = Double.pi * Double(iteration) / Double(iterations)
        let rise = min(1, Float(iteration + 1) / Float(max(1, min(Self.longestRise, iterations / 10))))
        return rise * Self.rate * Float(0.5 + 0.5 * ElementaryFunction.cos(phase))
    }

    public mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        power *= decay
        let correction = 1 / (1 - power), scale = rate(of: iteration) * correction, fresh = 1 - decay
        for k in x.indices {
            let g = gradient[k]
            first[k] += fresh * (g - first[k])
            second[k] += fresh * (g * g - second[k])
            let step = scale * first[k] / ((second[k] * correction).squareRoot() + Self.smallest)
            x[k] += scales.map { $0[k] * step } ?? step
        }
        constraints.project(&x)
    }
}
