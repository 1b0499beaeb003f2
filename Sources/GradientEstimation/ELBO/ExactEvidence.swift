import Expressions
import Statistics

/// The evidence lower bound and its gradient by quadrature, in one or two dimensions:
///
///     ∂/∂mⱼ = E[log h εⱼ]/sⱼ        ∂/∂log sⱼ = E[log h (εⱼ² − 1)] + 1
public struct ExactEvidence: Hashable, Sendable {
    public let evidence: Double
    public let gradient: VariationalPair<Double>

    /// From E[g], then E[g εⱼ], then E[g (εⱼ² − 1)] for g = log h.
    init(_ moments: [Double], of specification: EvidenceSpecification) {
        let d = specification.dimension
        let entropy = specification.logStd.reduce(0, +) + Double(d) * 1.4189385332046727
        evidence = moments[0] + entropy
        gradient = VariationalPair(
            mean: (0..<d).map { moments[1 + $0] / ElementaryFunction.exp(specification.logStd[$0]) },
            logStd: (0..<d).map { moments[1 + d + $0] + 1 })
    }
}

/// The quadrature for `ExactEvidence`: `advance` until there is a `result`.
///
/// Numbers come from Gauss–Hermite rules where verified panels or boxes confirm them, from these
/// where they do not.
final class EvidenceQuadrature {
    private(set) var result: Result<ExactEvidence, QuadratureFailure>?
    private let specification: EvidenceSpecification
    private var line: VerifiedExpectation?
    private var plane: VerifiedPlane?

    init(_ specification: EvidenceSpecification) {
        self.specification = specification
        switch specification.dimension {
        case 1:
            line = VerifiedExpectation(
                of: specification.logH,
                at: GaussianParameters(mu: specification.mean[0], tau: specification.logStd[0]))
        case 2:
            plane = VerifiedPlane(
                of: specification.logH, mean: specification.mean,
                scales: specification.logStd.map { ElementaryFunction.exp($0) })
        default: result = .failure(.tooManyDimensions)
        }
    }

    func advance() {
        if let line {
            line.advance()
            if let verified = line.result { end(verified.map { $0.c }, rules: lineByRules, sizes: nil) }
        } else if let plane {
            plane.advance()
            if let verified = plane.result { end(verified, rules: planeByRule, sizes: plane.size) }
        }
    }

    private func end(
        _ verified: Result<[Double], QuadratureFailure>, rules: () -> [Double]?, sizes: [Double]?
    ) {
        result = verified.map { moments in
            let largest = moments.reduce(0) { max($0, abs($1)) }
            let confirmed = rules().flatMap { other in
                other.indices.allSatisfy {
                    abs(other[$0] - moments[$0]) <= 2e-9 * (sizes?[$0] ?? largest)
                } ? other : nil
            }
            return ExactEvidence(confirmed ?? moments, of: specification)
        }
    }

    private func lineByRules() -> [Double]? {
        let parameters = GaussianParameters(mu: specification.mean[0], tau: specification.logStd[0])
        return try? GaussianExpectation(of: specification.logH).moments(at: parameters).c
    }

    /// The product of two finer Gauss–Hermite rules.
    private func planeByRule() -> [Double]? {
        let rule = GaussHermiteRule.fine, count = rule.nodes.count
        let workspace = Workspace(specification.logH.program([.value]), width: count)
        let scales = specification.logStd.map { ElementaryFunction.exp($0) }
        var moments = [Double](repeating: 0, count: VerifiedPlane.momentCount)
        for (x, weight) in zip(rule.nodes, rule.weights) {
            for (j, y) in rule.nodes.enumerated() {
                workspace.input(0)[j] = specification.mean[0] + scales[0] * x
                workspace.input(1)[j] = specification.mean[1] + scales[1] * y
            }
            workspace.evaluate(count: count)
            let values = workspace.output(0)
            for (j, y) in rule.nodes.enumerated() {
                let mass = weight * rule.weights[j] * values[j]
                moments[0] += mass
                moments[1] += mass * x
                moments[2] += mass * y
                moments[3] += mass * (x * x - 1)
                moments[4] += mass * (y * y - 1)
            }
        }
        return moments
    }
}
