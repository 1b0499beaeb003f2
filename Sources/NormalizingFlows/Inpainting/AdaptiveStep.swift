import Projections
import Statistics

/// The step that needs no tuning: projected Adam (Kingma, Ba, 2015), its rate rising to 0.2 over the
/// first 15 iterations, fewer than 150 iterations over their first tenth, and falling to 0 as a cosine
/// over the iterations asked for, β₁ = β₂ = 0.95, which fewer than 200 iterations lower to
/// 1 − 10 / iterations, to 0.9 at the least: a short ascent has no use for a long memory.
///
/// The scaling e^s makes log p's curvature differ by orders of magnitude between pixels; Adam
/// divides each pixel's step by the size of its own recent gradients, which a constant step
/// cannot. Its first steps are as long as the rate in every pixel, since all it knows is one gradient:
/// at the full rate they throw pixels that hardly vary, at an image's border, so far off that finding
/// back takes twenty iterations, hence the rise. The best point met is the answer, so it is never below
/// the start.
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

    public init(dimension: Int, iterations: Int) {
        self.iterations = iterations
        decay = 1 - min(max(10 / Float(iterations), 0.05), 0.1)
        first = Array(repeating: 0, count: dimension)
        second = first
    }

    public mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        power *= decay
        let phase = Double.pi * Double(iteration) / Double(iterations)
        let rise = min(1, Float(iteration + 1) / Float(max(1, min(Self.longestRise, iterations / 10))))
        let rate = rise * Self.rate * Float(0.5 + 0.5 * ElementaryFunction.cos(phase))
        let correction = 1 / (1 - power), scale = rate * correction, fresh = 1 - decay
        for k in x.indices {
            let g = gradient[k]
            first[k] += fresh * (g - first[k])
            second[k] += fresh * (g * g - second[k])
            x[k] += scale * first[k] / ((second[k] * correction).squareRoot() + Self.smallest)
        }
        constraints.project(&x)
    }
}
