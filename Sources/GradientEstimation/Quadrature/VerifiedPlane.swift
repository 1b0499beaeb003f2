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
    /// The sizes of the first boxes by the rule alone: what errors are judged by.
    private var reference = [Double](repeating: 0, count: momentCount)
    private var boxesReferred = 0

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

    init(of g: Expression, mean: [Double], scales: [Double], work: Int = 400_000_000) {
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
            } else if boxesReferred < Self.firstBoxes {
                do { try refer() } catch { result = .failure(error) }
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

    private static let firstBoxes = 68

    private func refer() throws(QuadratureFailure) {
        let sizes = try rule(waiting[boxesReferred]).sizes
        for k in sizes.indices where sizes[k].isFinite { reference[k] += sizes[k] }
        boxesReferred += 1
    }

    private func addBoxes() {
        let far = (Self.farthest + Self.reach) / 2, thick = (Self.farthest - Self.reach) / 2
        for sign in [-1.0, 1] {
            waiting.append(
                Box(
                    center: [sign * far, 0], halfWidth: [thick, Self.farthest], depth: 0, isOutside: true))
            waiting.append(
                Box(
                    center: [0, sign * far], halfWidth: [Self.reach, thick], depth: 0, isOutside: true))
        }
        let centers = [10.5, 7.5, 4.5, 1.5].flatMap { [-$0, $0] }
        waiting += centers.flatMap { x in
            centers.map { y in Box(center: [x, y], halfWidth: [1.5, 1.5], depth: 0, isOutside: false) }
        }
    }

    private func add(_ box: Box) throws(QuadratureFailure) {
        let (integrals, sizes) = try rule(box)
        let across = [0, 1].map { errorBounds(box, in: $0) }
        let limit = 0.01 * Self.tolerance * (box.depth < 8 ? 1 : 0.01)
        let bounds = total.indices.map { across[0][$0] + across[1][$0] }
        let scale = zip(reference, size).map { max($0, $1) }
        let isGood = total.indices.allSatisfy { bounds[$0] <= limit * scale[$0] }
        if isGood || isDeepest(box) {
            for k in total.indices {
                size[k] += sizes[k]
                total[k] += integrals[k]
                if box.isOutside { outside[k] += sizes[k] }
                if bounds[k].isFinite && sizes[k].isFinite {
                    error[k] += bounds[k]
                } else if sizes[k] > 1e-12 * scale[k] {
                    throw .unbounded(
                        near: [0, 1].map { mean[$0] + scales[$0] * (box.center[$0] * 1e6).rounded() / 1e6 })
                } else {
                    error[k] += sizes[k]
                }
            }
            return
        }
        let axis = sideToCut(box, across, scale)
        for sign in [-1.0, 1] {
            var center = box.center, halfWidth = box.halfWidth
            halfWidth[axis] /= 2
            center[axis] += sign * halfWidth[axis]
            waiting.append(
                Box(
                    center: center, halfWidth: halfWidth, depth: box.depth + 1, isOutside: box.isOutside))
        }
    }

    /// Whether halves of the box would hold few doubles, too few for bounds to see a pole between them.
    private func isDeepest(_ box: Box) -> Bool {
        box.depth == Self.deepest
            || [0, 1].contains { j in
                let x = mean[j] + scales[j] * box.center[j]
                return box.halfWidth[j] <= 16 * box.center[j].ulp || scales[j] * box.halfWidth[j] <= 16 * x.ulp
            }
    }

    /// The variable with the larger error; where both are without bound, the one to blame.
    private func sideToCut(_ box: Box, _ bounds: [[Double]], _ scale: [Double]) -> Int {
        let worst = bounds.map { bounds in bounds.indices.reduce(0) { max($0, bounds[$1] / scale[$1]) } }
        if worst[0].isFinite || worst[1].isFinite { return worst[0] > worst[1] ? 0 : 1 }
        let helps = [0, 1].map { isBounded(box, at: $0) }
        if helps[0] != helps[1] { return helps[0] ? 0 : 1 }
        return box.halfWidth[0] >= box.halfWidth[1] ? 0 : 1
    }

    /// Whether g has bounds where variable `axis` is at the centre of the box.
    private func isBounded(_ box: Box, at axis: Int) -> Bool {
        let z = [0, 1].map { j in
            let (center, h) = (box.center[j], j == axis ? 0 : box.halfWidth[j])
            let range = Enclosure(mean[j] + scales[j] * (center - h), mean[j] + scales[j] * (center + h))
            return TaylorEnclosure(constant: range, order: 1)
        }
        return g.enclosure(z)[0].magnitude.isFinite
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
                guard value.isFinite else {
                    if let failure = failure(at: 15 * i + j) { throw failure }
                    return (integrals, sizes.map { _ in .infinity })
                }
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

    /// Nil where g is infinite, which nearby points may show to be a pole, or to be integrable.
    private func failure(at index: Int) -> QuadratureFailure? {
        let point = [workspace.input(0)[index], workspace.input(1)[index]]
        guard let failure = workspace.program.firstFailure(at: point) else { return .noConvergence }
        return failure.reason == .infinite ? nil : .undefined(failure)
    }

    /// What the rule in variable `axis` can be wrong by on a box, for each moment.
    private func errorBounds(_ box: Box, in axis: Int) -> [Double] {
        let order = Self.order
        let range = [0, 1].map { Enclosure(box.center[$0] - box.halfWidth[$0], box.center[$0] + box.halfWidth[$0]) }
        let t = [0, 1].map { j in
            j == axis
                ? TaylorEnclosure(linear: range[j], slope: 1, order: order)
                : TaylorEnclosure(constant: range[j], order: order)
        }
        let z = [0, 1].map { j in
            let (a, b) = (mean[j] + scales[j] * range[j].lower, mean[j] + scales[j] * range[j].upper)
            return j == axis
                ? TaylorEnclosure(linear: Enclosure(a, b), slope: scales[j], order: order)
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
