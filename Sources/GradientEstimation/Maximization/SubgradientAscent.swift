import Projections
import Statistics

/// Steps along normalized gradients whose lengths shrink by one factor (Goffin, "On convergence rates of subgradient
/// optimization methods", 1977). Where f is concave and falls steeply on all sides of its maximizer they come near to it,
/// although f falls now and then and its gradient jumps.
struct SubgradientAscent {
    private var x: [Double]
    private var gradient: [Double]
    private var length: Double
    private let factor: Double

    /// The last step's length over the first one's.
    private static let shrinkage = 1e-13

    /// - Parameters:
    ///   - length: the first step's
    ///   - iterations: how many steps there will be, at least 1
    init(from x: [Double], along gradient: [Double], length: Double, iterations: Int) {
        self.x = x
        self.gradient = gradient
        self.length = length
        factor = ElementaryFunction.power(Self.shrinkage, 1 / Double(iterations))
    }

    /// Where the next step leads, before it is projected.
    var trial: [Double] {
        let norm = euclideanDistance(gradient, Array(repeating: 0, count: gradient.count))
        guard norm > 0, norm.isFinite else { return x }
        return zip(x, gradient).map { $0 + length * ($1 / norm) }
    }

    /// Goes on from x, with the gradient there: the projected trial, or where f was greatest after a trial at which it
    /// has no value.
    mutating func goOn(from x: [Double], along gradient: [Double]) {
        self.x = x
        self.gradient = gradient
        length *= factor
    }
}
