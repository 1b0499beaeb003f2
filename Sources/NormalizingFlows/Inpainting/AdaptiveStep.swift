import Projections
import Statistics

/// The step that needs no tuning: projected Adam (Kingma, Ba, 2015), its rate falling from 0.2
/// to 0 as a cosine over the iterations asked for, β = (0.95, 0.95). A longer memory of the
/// gradient and a shorter one of its size end higher than the usual (0.9, 0.99) here.
///
/// The scaling e^s makes log p's curvature differ by orders of magnitude between pixels; Adam
/// divides each pixel's step by the size of its own recent gradients, which a constant step
/// cannot. The best point met is the answer, so it is never below the start.
public struct AdaptiveStep: AscentRule {
    public static let rate: Float = 0.2
    static let firstDecay: Float = 0.95, secondDecay: Float = 0.95
    static let smallest: Float = 1e-8

    public var keepsBest: Bool { true }
    private let iterations: Int
    private var first, second: [Float]
    private var firstPower: Float = 1, secondPower: Float = 1

    public init(dimension: Int, iterations: Int) {
        self.iterations = iterations
        first = Array(repeating: 0, count: dimension)
        second = first
    }

    public mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        firstPower *= Self.firstDecay
        secondPower *= Self.secondDecay
        let phase = Double.pi * Double(iteration) / Double(iterations)
        let rate = Self.rate * Float(0.5 + 0.5 * ElementaryFunction.cos(phase))
        let scale = rate / (1 - firstPower), correction = 1 / (1 - secondPower)
        for k in x.indices {
            let g = gradient[k]
            first[k] += (1 - Self.firstDecay) * (g - first[k])
            second[k] += (1 - Self.secondDecay) * (g * g - second[k])
            x[k] += scale * first[k] / ((second[k] * correction).squareRoot() + Self.smallest)
        }
        constraints.project(&x)
    }
}
