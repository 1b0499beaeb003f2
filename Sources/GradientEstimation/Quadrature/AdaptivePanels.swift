import Expressions
import Statistics

/// ∫ f(μ + σt) He_k(t) φ(t) dt by panels of the Gauss–Kronrod pair (7, 15) (QUADPACK, Piessens
/// et al., 1983), halved where the pair disagrees: for integrands with kinks, jumps, or more
/// oscillation than a fixed rule can follow.
final class AdaptivePanels {
    private static let panelsPerRound = 64
    private static let mostRounds = 400
    private static let deepest = 52

    private let workspace: Workspace
    /// t and φ(t)-to-be of the round's points.
    private let scratch: Scratch

    private struct Panel {
        let center, halfWidth: Double
        let depth: Int
    }

    init(_ program: Program) {
        let width = Self.panelsPerRound * 15
        workspace = Workspace(program, width: width)
        scratch = Scratch(blocks: 2, width: width)
    }

    /// Integrates over |t| ≤ 12, and farther out while the ends still matter: beyond 37 the
    /// Gaussian's density is gone from a double.
    func moments(
        at parameters: GaussianParameters, budget: inout Int
    ) throws(QuadratureFailure) -> HermiteMoments {
        var total = [Double](repeating: 0, count: HermiteMoments.count)
        var size = total
        var reached = 0.0
        for reach in [12.0, 20, 37] {
            let count = 32
            let halfWidth = (reach - reached) / Double(count)
            var waiting: [Panel] = []
            for i in 0..<count {
                let center = reached + halfWidth * Double(2 * i + 1) / 2
                waiting.append(Panel(center: center, halfWidth: halfWidth / 2, depth: 0))
                waiting.append(Panel(center: -center, halfWidth: halfWidth / 2, depth: 0))
            }
            let ring = try integrate(waiting, at: parameters, &size, &budget)
            for k in total.indices { total[k] += ring[k] }
            reached = reach
            let isNegligible = total.indices.allSatisfy { abs(ring[$0]) <= 1e-13 * size[$0] }
            if reach > 12 && isNegligible { return HermiteMoments(total) }
        }
        // The tails still contributed where the density ends: there is no such expectation.
        throw .noConvergence
    }

    /// The integrals over some panels. `size` gathers ∫ |f He_k| φ, by which errors are judged.
    private func integrate(
        _ initial: [Panel], at parameters: GaussianParameters, _ size: inout [Double],
        _ budget: inout Int
    ) throws(QuadratureFailure) -> [Double] {
        var waiting = initial
        var total = [Double](repeating: 0, count: HermiteMoments.count)
        var lost = total
        for _ in 0..<Self.mostRounds {
            if waiting.isEmpty {
                if !total.indices.allSatisfy({ lost[$0] <= 1e-10 * size[$0] }) { throw .noConvergence }
                return total
            }
            let round = Array(waiting.suffix(Self.panelsPerRound))
            waiting.removeLast(round.count)
            budget -= 15 * round.count
            if budget < 0 { throw .tooMuchWork }
            try evaluate(round, at: parameters)
            let judged = round.indices.map { rule(round[$0], $0) }
            let grown = size.indices.map { k in size[k] + judged.reduce(0) { $0 + $1.sizes[k] } }
            for (panel, result) in zip(round, judged) {
                let isGood = total.indices.allSatisfy { result.errors[$0] <= 1e-15 * grown[$0] }
                if isGood || panel.depth == Self.deepest {
                    for k in total.indices {
                        total[k] += result.integrals[k]
                        size[k] += result.sizes[k]
                        lost[k] += result.errors[k]
                    }
                } else {
                    let half = panel.halfWidth / 2
                    for center in [panel.center - half, panel.center + half] {
                        waiting.append(Panel(center: center, halfWidth: half, depth: panel.depth + 1))
                    }
                }
            }
        }
        throw .noConvergence
    }

    /// f and φ at the 15 points of each panel.
    private func evaluate(
        _ panels: [Panel], at parameters: GaussianParameters
    ) throws(QuadratureFailure) {
        let count = panels.count * 15
        let t = scratch[0]
        for (p, panel) in panels.enumerated() {
            for i in 0..<15 { t[15 * p + i] = panel.center + panel.halfWidth * KronrodRule.nodes[i] }
        }
        let x = workspace.input(0).baseAddress!
        VectorArithmetic.affine(parameters.mu, parameters.sigma, t, into: x, count: count)
        workspace.evaluate(count: count)
        let density = scratch[1]
        let rootOfTwoPi = 2.5066282746310002
        for i in 0..<count { density[i] = ElementaryFunction.exp(-t[i] * t[i] / 2) / rootOfTwoPi }
        let values = workspace.output(0)
        for i in 0..<count where !values[i].isFinite {
            guard let failure = workspace.program.firstFailure(at: [x[i]]) else { continue }
            // Too large where the Gaussian has no weight left is a matter of convergence.
            if failure.reason == .infinite && density[i] < 1e-30 { throw .noConvergence }
            throw .undefined(failure)
        }
    }

    private func rule(
        _ panel: Panel, _ index: Int
    ) -> (integrals: [Double], errors: [Double], sizes: [Double]) {
        var kronrod = [Double](repeating: 0, count: HermiteMoments.count)
        var gauss = kronrod
        var sizes = kronrod
        let values = workspace.output(0)
        for i in 0..<15 {
            let at = 15 * index + i
            let p = HermiteMoments.polynomials(scratch[0][at])
            let mass = values[at] * scratch[1][at] * panel.halfWidth
            for (k, polynomial) in [p.0, p.1, p.2, p.3, p.4].enumerated() {
                let term = mass * polynomial
                kronrod[k] += KronrodRule.weights[i] * term
                sizes[k] += KronrodRule.weights[i] * abs(term)
                if i % 2 == 1 { gauss[k] += KronrodRule.gaussWeights[i / 2] * term }
            }
        }
        return (kronrod, zip(kronrod, gauss).map { abs($0 - $1) }, sizes)
    }
}
