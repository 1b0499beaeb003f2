import Expressions

/// E[f(x) He_k(ε)] for x = μ + σε by quadrature, to about 12 digits of the integrand's size.
///
/// Two Gauss–Hermite rules where they agree, which they do for smooth f; else adaptive
/// Gauss–Kronrod panels, which close in on kinks and jumps.
package final class GaussianExpectation {
    private let rules: Workspace
    private let panels: AdaptivePanels
    /// Evaluations of f that are left: a bound on the time that a strange f can take.
    private var budget: Int

    /// - Parameter work: the most passes over a number, evaluations times f's instructions
    package init(of f: Expression, work: Int = 20_000_000) {
        let program = f.program([.value])
        budget = work / max(program.instructionCount, 1)
        rules = Workspace(program, width: GaussHermiteRule.coarse.nodes.count + GaussHermiteRule.fine.nodes.count)
        panels = AdaptivePanels(program)
    }

    package func moments(at parameters: GaussianParameters) throws(QuadratureFailure) -> HermiteMoments {
        let coarse = GaussHermiteRule.coarse
        let fine = GaussHermiteRule.fine
        budget -= rules.width
        if budget < 0 { throw .tooMuchWork }
        let x = rules.input(0)
        for (i, node) in (coarse.nodes + fine.nodes).enumerated() {
            x[i] = parameters.mu + parameters.sigma * node
        }
        rules.evaluate(count: rules.width)
        let values = rules.output(0)
        // Without the value at the centre the higher moments, in which a constant cancels,
        // keep their digits.
        let pivot = values[coarse.nodes.count / 2]
        let few = Self.sums(coarse, values.prefix(coarse.nodes.count), pivot)
        let many = Self.sums(fine, values.suffix(fine.nodes.count), pivot)
        let agree = (0..<HermiteMoments.count).allSatisfy {
            abs(few.moments[$0] - many.moments[$0]) <= 1e-13 * many.sizes[$0]
        }
        if agree { return HermiteMoments([many.moments[0] + pivot] + many.moments.dropFirst()) }
        return try panels.moments(at: parameters, budget: &budget)
    }

    /// Σ w (f − pivot) He_k, and Σ w |f − pivot| |He_k| (of f itself for k = 0).
    private static func sums(
        _ rule: GaussHermiteRule, _ values: Slice<UnsafeBufferPointer<Double>>, _ pivot: Double
    ) -> (moments: [Double], sizes: [Double]) {
        var moments = [Double](repeating: 0, count: HermiteMoments.count)
        var sizes = moments
        for (i, value) in values.enumerated() {
            let p = HermiteMoments.polynomials(rule.nodes[i])
            for (k, polynomial) in [p.0, p.1, p.2, p.3, p.4].enumerated() {
                let term = rule.weights[i] * (value - pivot) * polynomial
                moments[k] += term
                sizes[k] += abs(term)
            }
        }
        sizes[0] += abs(pivot)
        return (moments, sizes)
    }
}
