import Expressions
import Statistics

/// The evidence lower bound and its gradient by quadrature, in one or two dimensions:
///
///     ∂/∂mⱼ = E[log h εⱼ]/sⱼ        ∂/∂log sⱼ = E[log h (εⱼ² − 1)] + 1
public struct ExactEvidence: Hashable, Sendable {
    public let evidence: Double
    public let gradient: VariationalPair<Double>

    /// Nil where quadrature does not reach.
    init?(_ specification: EvidenceSpecification) {
        let d = specification.dimension
        let scales = specification.logStd.map { ElementaryFunction.exp($0) }
        let entropy = specification.logStd.reduce(0, +) + Double(d) * 1.4189385332046727
        guard let moments = d == 1 ? Self.line(specification) : d == 2 ? Self.plane(specification) : nil else {
            return nil
        }
        evidence = moments.mean + entropy
        gradient = VariationalPair(
            mean: (0..<d).map { moments.first[$0] / scales[$0] },
            logStd: (0..<d).map { moments.second[$0] + 1 })
    }

    /// E[g], E[g εⱼ], E[g (εⱼ² − 1)] for g = log h.
    private struct Moments {
        var mean = 0.0
        var first = [0.0, 0.0]
        var second = [0.0, 0.0]
        /// The same sums of sizes, by which disagreement is judged.
        var size = 0.0
    }

    private static func line(_ specification: EvidenceSpecification) -> Moments? {
        let parameters = GaussianParameters(mu: specification.mean[0], tau: specification.logStd[0])
        guard let c = try? GaussianExpectation(of: specification.logH).moments(at: parameters).c else {
            return nil
        }
        return Moments(mean: c[0], first: [c[1]], second: [c[2]])
    }

    /// The product of two Gauss–Hermite rules, if a coarser and a finer one agree.
    private static func plane(_ specification: EvidenceSpecification) -> Moments? {
        let coarse = product(of: .coarse, specification)
        let fine = product(of: .fine, specification)
        let pairs = [(coarse.mean, fine.mean)] + zip(coarse.first + coarse.second, fine.first + fine.second)
        return pairs.allSatisfy { abs($0 - $1) <= 1e-10 * fine.size } ? fine : nil
    }

    private static func product(of rule: GaussHermiteRule, _ specification: EvidenceSpecification) -> Moments {
        let count = rule.nodes.count
        let workspace = Workspace(specification.logH.program([.value]), width: count)
        let scales = specification.logStd.map { ElementaryFunction.exp($0) }
        var moments = Moments()
        for (x, weight) in zip(rule.nodes, rule.weights) {
            for (j, y) in rule.nodes.enumerated() {
                workspace.input(0)[j] = specification.mean[0] + scales[0] * x
                workspace.input(1)[j] = specification.mean[1] + scales[1] * y
            }
            workspace.evaluate(count: count)
            let values = workspace.output(0)
            for (j, y) in rule.nodes.enumerated() {
                let mass = weight * rule.weights[j] * values[j]
                moments.mean += mass
                moments.first[0] += mass * x
                moments.first[1] += mass * y
                moments.second[0] += mass * (x * x - 1)
                moments.second[1] += mass * (y * y - 1)
                moments.size += abs(mass) * (1 + x * x + y * y)
            }
        }
        return moments
    }
}
