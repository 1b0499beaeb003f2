import Expressions

/// J over the (μ, σ) plane, for pictures: by the finer Gauss–Hermite rule alone.
public struct ObjectiveSurface: Sendable {
    private let ofF, ofR: Program

    public init(of specification: GradientSpecification) {
        ofF = specification.f.program([.value])
        ofR = specification.r.program([.value])
    }

    /// J at these μ and one σ; NaN or infinite where it has no value. 128 evaluations of f each.
    public func values(mu: [Double], sigma: Double) -> [Double] {
        let rule = GaussHermiteRule.fine
        let f = Workspace(ofF, width: rule.nodes.count), r = Workspace(ofR, width: 1)
        return mu.map { mu in
            for (i, node) in rule.nodes.enumerated() { f.input(0)[i] = mu + sigma * node }
            f.evaluate(count: rule.nodes.count)
            r.input(0)[0] = mu
            r.input(1)[0] = sigma
            r.evaluate(count: 1)
            let mean = zip(f.output(0), rule.weights).reduce(0.0) { $0 + $1.0 * $1.1 }
            return mean + r.output(0)[0]
        }
    }
}
