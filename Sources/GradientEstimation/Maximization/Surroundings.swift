import Projections

/// What f does around a point at which an ascent has come to rest: whether its gradient jumps there, whether these gradients
/// together rule out that f rises, and whether any of the points is higher.
///
/// The points are those along the axes, along the gradient and along two diagonals, projected onto the set. f has
/// a kink where a gradient jumps as much within a short distance as within a hundred times that. As in gradient sampling
/// (Burke, Lewis, Overton 2005) a point is stationary if a mean of the gradients around it leads nowhere.
struct Surroundings {
    /// f and its gradient at a point of the set.
    struct Sample {
        let x: [Double]
        let value: Double
        let gradient: [Double]
    }

    let hasKink: Bool
    /// The highest of the points, where it is higher than the one in the middle by more than rounding.
    let highest: Sample?
    private let middle: Sample
    private let near: [Sample]
    private let set: (any ConvexSet<Double>)?
    private let radius: Double

    /// Of the size of the ascent: where gradients are compared, and where values are.
    private static let nearRadius = 1e-8, farRadius = 1e-6, valueRadius = 1e-4

    /// - Parameters:
    ///   - size: the ascent's, above 0
    ///   - sample: f at a point; nil where it has no value
    init(of middle: Sample, size: Double, in set: (any ConvexSet<Double>)?, sample: ([Double]) -> Sample?) {
        self.middle = middle
        self.set = set
        let radius = Self.nearRadius * size
        func around(_ radius: Double) -> [Sample] {
            Self.directions(middle.gradient).flatMap { direction in
                [radius, -radius].compactMap { length in
                    var x = zip(middle.x, direction).map { $0 + length * $1 }
                    set?.project(&x)
                    return x == middle.x ? nil : sample(x)
                }
            }
        }
        let near = around(radius)
        self.radius = radius
        self.near = near
        let far = around(Self.farRadius * size)
        let scale = Self.scale([middle] + near + far)
        let here = Self.move(middle.gradient, from: middle.x, radius / scale, in: set)
        func jump(_ samples: [Sample]) -> Double {
            samples.reduce(0) {
                max($0, euclideanDistance(Self.move($1.gradient, from: middle.x, radius / scale, in: set), here))
            }
        }
        let jumpNear = jump(near), jumpFar = jump(far)
        let length = euclideanDistance(here, Array(repeating: 0, count: here.count))
        hasKink =
            jumpNear > 0.1 * jumpFar && jumpNear > 0.1 * length && jumpNear * scale > 4 * middle.value.ulp
        let higher = (around(Self.valueRadius * size)).max { $0.value < $1.value }
        highest = higher.flatMap { $0.value > middle.value + 4 * middle.value.ulp ? $0 : nil }
    }

    private static func directions(_ gradient: [Double]) -> [[Double]] {
        let dimension = gradient.count
        let part = 1 / Double(dimension).squareRoot()
        let norm = euclideanDistance(gradient, Array(repeating: 0, count: dimension))
        var all = (0..<dimension).map { axis in (0..<dimension).map { $0 == axis ? 1.0 : 0 } }
        if dimension > 1 {
            all.append(Array(repeating: part, count: dimension))
            all.append((0..<dimension).map { $0 % 2 == 0 ? part : -part })
            if norm > 0, norm.isFinite { all.append(gradient.map { $0 / norm }) }
        }
        return all
    }

    /// The longest gradient, or 1.
    private static func scale(_ samples: [Sample]) -> Double {
        let norm = samples.reduce(0.0) {
            max($0, euclideanDistance($1.gradient, Array(repeating: 0, count: $1.gradient.count)))
        }
        return norm > 0 && norm.isFinite ? norm : 1
    }

    /// Π(x + t∇) − x.
    private static func move(
        _ gradient: [Double], from x: [Double], _ t: Double, in set: (any ConvexSet<Double>)?
    ) -> [Double] {
        guard let set else { return gradient.map { t * $0 } }
        var moved = zip(x, gradient).map { $0 + t * $1 }
        set.project(&moved)
        return zip(moved, x).map { $0 - $1 }
    }

    /// Floating-point operations, about, that are spent on the search for a mean.
    private static let effort = 4_000_000

    /// Whether a weighted mean of the gradients leads nowhere: the least ‖Π(x + tΣλᵢgᵢ) − x‖ over the simplex of λ, whose
    /// square is convex with the gradient gᵢ·(Π(…) − x), by accelerated projected gradients (Beck, Teboulle 2009).
    var isStationary: Bool {
        guard highest == nil, let simplex = try? Simplex(total: 1.0) else { return false }
        let samples = [middle] + near
        let scale = Self.scale(samples)
        let gradients = samples.map { $0.gradient.map { $0 / scale } }
        let dimension = middle.x.count
        let step = 1 / Double(gradients.count)
        var weights = [Double](repeating: step, count: gradients.count)
        var ahead = weights
        var momentum = 1.0
        for _ in 0..<max(20, min(4000, Self.effort / (gradients.count * dimension))) {
            var mean = [Double](repeating: 0, count: dimension)
            for (weight, gradient) in zip(ahead, gradients) where weight != 0 {
                for i in 0..<dimension { mean[i] += weight * gradient[i] }
            }
            let move = Self.move(mean, from: middle.x, radius, in: set).map { $0 / radius }
            if euclideanDistance(move, Array(repeating: 0, count: dimension)) <= 1e-4 { return true }
            var next = ahead
            for (i, gradient) in gradients.enumerated() {
                next[i] -= step * zip(move, gradient).reduce(0) { $0 + $1.0 * $1.1 }
            }
            simplex.project(&next)
            let nextMomentum = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
            for i in next.indices { ahead[i] = next[i] + (momentum - 1) / nextMomentum * (next[i] - weights[i]) }
            weights = next
            momentum = nextMomentum
        }
        return false
    }
}
