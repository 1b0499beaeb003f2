import Expressions
import Statistics

/// E[g], E[g ε₁], E[g ε₂], E[g (ε₁² − 1)], E[g (ε₂² − 1)] for g(m + s·ε) in two variables, with a
/// bound on the error as in `VerifiedExpectation`.
///
/// Boxes of the tensor product of two 15-point Kronrod rules. With I the integral and Q the rule in
/// one variable, I₁I₂ − Q₁Q₂ = (I₁ − Q₁)I₂ + Q₁(I₂ − Q₂): each part is an error in one variable,
/// bounded for every value of the other. A box is halved across the variable with the larger error.
final class VerifiedPlane {
    static let momentCount = 5
    /// The moments, in the order above.
    private(set) var result: Result<[Double], QuadratureFailure>?
    private(set) var size = [Double](repeating: 0, count: momentCount)

    private let g: Expression
    private let mean, scales: [Double]
    private let workspace: Workspace
    private var budget: Int
    private let costOfBox: Int
    private var waiting: [Box] = []
    private var total = [Double](repeating: 0, count: momentCount)
    private var error = [Double](repeating: 0, count: momentCount)
    /// ∫ |g …| of the boxes beyond the first, which must not matter.
    private var outside = [Double](repeating: 0, count: momentCount)

    private struct Box {
        let center, halfWidth: [Double]
        let depth: Int
        let isOutside: Bool
    }

    private static let order = 16
    private static let deepest = 60
    private static let reach = 12.0, farthest = 20.0
    private static let tolerance = 1e-9

    init(of g: Expression, mean: [Double], scales: [Double], work: Int = 1_000_000_000) {
        self.g = g
        self.mean = mean
        self.scales = scales
        let program = g.program([.value])
        workspace = Workspace(program, width: 225)
        budget = work
        costOfBox = 2 * (g.nodeCount + 12) * Self.order * Self.order + 225 * (program.instructionCount + 20)
        addBoxes()
    }

    /// Goes on by about so many passes over a number, or to the end.
    func advance(work: Int = 500_000) {
        var left = max(work, costOfBox)
        while result == nil && left > 0 {
            left -= costOfBox
            budget -= costOfBox
            if budget < 0 {
                result = .failure(.tooMuchWork)
            } else if let box = waiting.popLast() {
                do { try add(box) } catch { result = .failure(error) }
            } else {
                let isGood = total.indices.allSatisfy {
                    error[$0] <= Self.tolerance * size[$0] && outside[$0] <= 1e-12 * size[$0]
                }
                result = isGood ? .success(total) : .failure(.noConvergence)
            }
        }
    }

    /// Last those in the middle, which are taken first: errors are judged by what is known.
    private func addBoxes() {
        let far = (Self.farthest + Self.reach) / 2, thick = (Self.farthest - Self.reach) / 2
        for sign in [-1.0, 1] {
            waiting.append(Box(
                center: [sign * far, 0], halfWidth: [thick, Self.farthest], depth: 0, isOutside: true))
            waiting.append(Box(
                center: [0, sign * far], halfWidth: [Self.reach, thick], depth: 0, isOutside: true))
        }
        let centers = [10.5, 7.5, 4.5, 1.5].flatMap { [-$0, $0] }
        let boxes = centers.flatMap { x in
            centers.map { y in Box(center: [x, y], halfWidth: [1.5, 1.5], depth: 0, isOutside: false) }
        }
        waiting += boxes.sorted { max(abs($0.center[0]), abs($0.center[1])) > max(abs($1.center[0]), abs($1.center[1])) }
    }

    private func add(_ box: Box) throws(QuadratureFailure) {
        let (integrals, sizes) = try rule(box)
        let across = [0, 1].map { errorBounds(box, in: $0) }
        let limit = 0.01 * Self.tolerance * (box.depth < 8 ? 1 : 0.01)
        let bounds = total.indices.map { across[0][$0] + across[1][$0] }
        let isGood = total.indices.allSatisfy { bounds[$0] <= limit * (size[$0] + sizes[$0]) }
        if isGood || box.depth == Self.deepest {
            for k in total.indices {
                size[k] += sizes[k]
                total[k] += integrals[k]
                if box.isOutside { outside[k] += sizes[k] }
                if isGood {
                    error[k] += bounds[k]
                } else if sizes[k] > 1e-12 * size[k] {
                    throw .unbounded(near: zip(mean, zip(scales, box.center)).map { $0 + $1.0 * $1.1 })
                } else {
                    error[k] += sizes[k]
                }
            }
            return
        }
        func worst(_ bounds: [Double]) -> Double {
            bounds.indices.reduce(0) { max($0, bounds[$1] / (size[$1] + sizes[$1])) }
        }
        let (first, second) = (worst(across[0]), worst(across[1]))
        // Where neither bound says anything the longer side is cut.
        let axis = first > second || (first == second || !(first < second)) && box.halfWidth[0] >= box.halfWidth[1] ? 0 : 1
        for sign in [-1.0, 1] {
            var center = box.center, halfWidth = box.halfWidth
            halfWidth[axis] /= 2
            center[axis] += sign * halfWidth[axis]
            waiting.append(Box(
                center: center, halfWidth: halfWidth, depth: box.depth + 1, isOutside: box.isOutside))
        }
    }

    private func rule(_ box: Box) throws(QuadratureFailure) -> (integrals: [Double], sizes: [Double]) {
        let nodes = [0, 1].map { axis in KronrodRule.nodes.map { box.center[axis] + box.halfWidth[axis] * $0 } }
        let density = nodes.map { $0.map { ElementaryFunction.exp(-$0 * $0 / 2) / Self.rootOfTwoPi } }
        for i in 0..<15 {
            for j in 0..<15 {
                workspace.input(0)[15 * i + j] = mean[0] + scales[0] * nodes[0][i]
                workspace.input(1)[15 * i + j] = mean[1] + scales[1] * nodes[1][j]
            }
        }
        workspace.evaluate(count: 225)
        let values = workspace.output(0)
        var integrals = [Double](repeating: 0, count: Self.momentCount), sizes = integrals
        for i in 0..<15 {
            let (x, outer) = (nodes[0][i], KronrodRule.weights[i] * density[0][i] * box.halfWidth[0])
            for j in 0..<15 {
                let (y, inner) = (nodes[1][j], KronrodRule.weights[j] * density[1][j] * box.halfWidth[1])
                let value = values[15 * i + j]
                guard value.isFinite else { throw failure(at: 15 * i + j, density: density[0][i] * density[1][j]) }
                let mass = value * outer * inner
                let terms = [mass, mass * x, mass * y, mass * (x * x - 1), mass * (y * y - 1)]
                for k in 0..<Self.momentCount {
                    integrals[k] += terms[k]
                    sizes[k] += abs(terms[k])
                }
            }
        }
        return (integrals, sizes)
    }

    private func failure(at index: Int, density: Double) -> QuadratureFailure {
        let point = [workspace.input(0)[index], workspace.input(1)[index]]
        guard let failure = workspace.program.firstFailure(at: point) else { return .noConvergence }
        return failure.reason == .infinite && density < 1e-30 ? .noConvergence : .undefined(failure)
    }

    /// What the rule in variable `axis` can be wrong by on a box, for each moment.
    private func errorBounds(_ box: Box, in axis: Int) -> [Double] {
        let order = Self.order
        let range = [0, 1].map { Enclosure(box.center[$0] - box.halfWidth[$0], box.center[$0] + box.halfWidth[$0]) }
        let t = [0, 1].map { j in
            j == axis ? TaylorEnclosure(linear: range[j], slope: 1, order: order)
                : TaylorEnclosure(constant: range[j], order: order)
        }
        let z = [0, 1].map { j in
            let (a, b) = (mean[j] + scales[j] * range[j].lower, mean[j] + scales[j] * range[j].upper)
            return j == axis ? TaylorEnclosure(linear: Enclosure(a, b), slope: scales[j], order: order)
                : TaylorEnclosure(constant: Enclosure(a, b), order: order)
        }
        let squares = t[0].raised(to: 2) + t[1].raised(to: 2)
        let density = (squares * -0.5).exponential() * (1 / (Self.rootOfTwoPi * Self.rootOfTwoPi))
        let one = TaylorEnclosure(constant: Enclosure(1), order: order)
        let integrand = g.enclosure(z) * density
        let other = 2 * box.halfWidth[1 - axis]
        let factors = [one, t[0], t[1], t[0].raised(to: 2) - one, t[1].raised(to: 2) - one]
        return factors.map { (integrand * $0).ruleError(halfWidth: box.halfWidth[axis]) * other }
    }

    private static let rootOfTwoPi = 2.5066282746310002
}
