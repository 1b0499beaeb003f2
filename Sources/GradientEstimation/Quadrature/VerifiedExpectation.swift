import Expressions
import Statistics

/// E[f(x) He_k(ε)] for x = μ + σε with a bound on its error that holds between the nodes, too: a
/// spike that no node meets, and a pole whose two sides cancel, show in the bound.
///
/// Panels of the 15-point Kronrod rule, which is exact to degree 22. On a panel of half-width h
/// the integrand g differs from its Taylor polynomial of degree m − 1 by at most |g^(m)/m!| hᵐ, so
/// the rule's error is at most 4h times that; panels are halved until the bounds, from enclosures
/// of the Taylor coefficients, are small enough (Corliss, Rall, "Adaptive, self-validating
/// numerical quadrature", 1987). Beyond 37 standard deviations, where the density leaves the range
/// of a double, nothing is known.
///
/// `advance` until there is a `result`.
package final class VerifiedExpectation {
    package private(set) var result: Result<HermiteMoments, QuadratureFailure>?

    private let f: Expression
    private let parameters: GaussianParameters
    private let workspace: Workspace
    /// Passes over a number that are left.
    private var budget: Int
    var workLeft: Int { max(budget, 0) }
    private let costOfPanel: Int
    private var waiting: [Panel] = []
    private var ring = 0
    private var total = [Double](repeating: 0, count: HermiteMoments.count)
    /// Of the present ring.
    private var ringTotal = [Double](repeating: 0, count: HermiteMoments.count)
    private var size = [Double](repeating: 0, count: HermiteMoments.count)
    private var error = [Double](repeating: 0, count: HermiteMoments.count)

    private struct Panel {
        let center, halfWidth: Double
        let depth: Int
    }

    private static let order = 16
    private static let deepest = 52
    private static let reaches = [12.0, 20, 37]
    /// The relative error that is certified.
    private static let tolerance = 1e-10

    /// - Parameter work: the most passes over a number, a bound on the time of strange f
    package init(of f: Expression, at parameters: GaussianParameters, work: Int = 400_000_000) {
        self.f = f
        self.parameters = parameters
        workspace = Workspace(f.program([.value]), width: 15)
        budget = work
        // The density and five moments are series, too.
        costOfPanel = (f.nodeCount + 12) * Self.order * Self.order
        addPanels(from: 0, to: Self.reaches[0])
    }

    /// Goes on by about so many passes over a number, a nanosecond or two each, or to the end.
    package func advance(work: Int = 500_000) {
        var left = max(work, costOfPanel)
        while result == nil && left > 0 {
            left -= costOfPanel
            budget -= costOfPanel
            if budget < 0 {
                result = .failure(.tooMuchWork)
            } else if let panel = waiting.popLast() {
                do { try add(panel) } catch { result = .failure(error) }
            } else {
                endRing()
            }
        }
    }

    private func addPanels(from inner: Double, to outer: Double) {
        let count = 16
        let width = (outer - inner) / Double(count)
        // The innermost last, which is taken first: errors are judged by what is known.
        for i in (0..<count).reversed() {
            let center = inner + (Double(i) + 0.5) * width
            waiting.append(Panel(center: center, halfWidth: width / 2, depth: 0))
            waiting.append(Panel(center: -center, halfWidth: width / 2, depth: 0))
        }
    }

    private func endRing() {
        for k in total.indices { total[k] += ringTotal[k] }
        let isNegligible = total.indices.allSatisfy { abs(ringTotal[$0]) <= 1e-13 * size[$0] }
        ringTotal = ringTotal.map { _ in 0 }
        ring += 1
        if ring > 1 && isNegligible {
            let isGood = total.indices.allSatisfy { error[$0] <= Self.tolerance * size[$0] }
            result = isGood ? .success(HermiteMoments(total)) : .failure(.noConvergence)
        } else if ring == Self.reaches.count {
            // The tails still contribute where the density ends: there is no such expectation.
            result = .failure(.noConvergence)
        } else {
            addPanels(from: Self.reaches[ring - 1], to: Self.reaches[ring])
        }
    }

    private func add(_ panel: Panel) throws(QuadratureFailure) {
        let (integrals, sizes) = try rule(panel)
        let bounds = errorBounds(panel)
        let isGood = total.indices.allSatisfy { k in
            bounds[k] <= 0.01 * Self.tolerance * (panel.depth < 6 ? 1 : 0.01) * (size[k] + sizes[k])
        }
        if isGood || panel.depth == Self.deepest {
            for k in total.indices {
                size[k] += sizes[k]
                ringTotal[k] += integrals[k]
                if isGood {
                    error[k] += bounds[k]
                } else if sizes[k] > 1e-12 * size[k] {
                    throw .unbounded(near: [parameters.mu + parameters.sigma * panel.center])
                } else {
                    error[k] += sizes[k]
                }
            }
            return
        }
        let half = panel.halfWidth / 2
        for center in [panel.center - half, panel.center + half] {
            waiting.append(Panel(center: center, halfWidth: half, depth: panel.depth + 1))
        }
    }

    /// ∫ f He_k φ over a panel by the rule, and ∫ |f He_k| φ.
    private func rule(_ panel: Panel) throws(QuadratureFailure) -> (integrals: [Double], sizes: [Double]) {
        let nodes = KronrodRule.nodes.map { panel.center + panel.halfWidth * $0 }
        for (i, t) in nodes.enumerated() { workspace.input(0)[i] = parameters.mu + parameters.sigma * t }
        workspace.evaluate(count: nodes.count)
        let values = workspace.output(0)
        var integrals = [Double](repeating: 0, count: HermiteMoments.count), sizes = integrals
        for (i, t) in nodes.enumerated() {
            let density = ElementaryFunction.exp(-t * t / 2) / Self.rootOfTwoPi
            if !values[i].isFinite {
                if let failure = workspace.program.firstFailure(at: [workspace.input(0)[i]]) {
                    // Too large where the Gaussian has no weight left is a matter of convergence.
                    if failure.reason == .infinite && density < 1e-30 { throw .noConvergence }
                    throw .undefined(failure)
                }
                throw .noConvergence
            }
            let mass = values[i] * density * panel.halfWidth * KronrodRule.weights[i]
            let p = HermiteMoments.polynomials(t)
            for (k, polynomial) in [p.0, p.1, p.2, p.3, p.4].enumerated() {
                integrals[k] += mass * polynomial
                sizes[k] += abs(mass * polynomial)
            }
        }
        return (integrals, sizes)
    }

    /// What the rule can be wrong by on a panel, for each moment.
    private func errorBounds(_ panel: Panel) -> [Double] {
        let h = panel.halfWidth, order = Self.order
        let t = TaylorEnclosure(
            linear: Enclosure(panel.center - h, panel.center + h), slope: 1, order: order)
        let (mu, sigma) = (parameters.mu, parameters.sigma)
        let (a, b) = (mu + sigma * (panel.center - h), mu + sigma * (panel.center + h))
        let x = TaylorEnclosure(linear: Enclosure(min(a, b), max(a, b)), slope: sigma, order: order)
        let density = (t.raised(to: 2) * -0.5).exponential() * (1 / Self.rootOfTwoPi)
        var integrand = f.enclosure([x]) * density
        // He_{k+1} = t He_k − k He_{k−1}, times the integrand from the start.
        var before = integrand * 0
        return total.indices.map { k in
            let bound = integrand.ruleError(halfWidth: h)
            (before, integrand) = (integrand, t * integrand - before * Double(k))
            return bound
        }
    }

    private static let rootOfTwoPi = 2.5066282746310002
}

extension TaylorEnclosure {
    /// A bound on the error, over a panel of this half-width, of a rule with positive weights that is
    /// exact for polynomials below the order of the series.
    func ruleError(halfWidth h: Double) -> Double {
        // Integral and rule both lie between the bounds on the values.
        var best = 2 * h * self[0].width
        var power = 4 * h
        for k in 1..<coefficients.count {
            power *= h
            let bound = self[k].magnitude * power
            if bound < best { best = bound }
        }
        return best.isNaN ? .infinity : best
    }
}
