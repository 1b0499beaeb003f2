import Statistics

extension WorkDesk {
    /// Components for points in the event, as many as the points call for.
    ///
    /// - Parameters:
    ///   - weights: of the points; nil for equal ones.
    ///   - effectiveSize: how many independent points they are worth; nil for those of chains, which repeat themselves.
    func fitted(_ points: Points, weights: [Double]? = nil, effectiveSize: Double? = nil) async throws -> MixtureFit {
        let isFull = problem.inputs.count <= MixtureFit.mostFullDimensions
        let weights = weights ?? [Double](repeating: 1, count: points.count)
        let size = effectiveSize ?? max(Double(points.count) / (isFull ? 3 : 10), 10)
        let philox = newPhilox()
        var best = MixtureFit(points, weights: weights, effectiveSize: size)
        for count in isFull ? [1, 2, 3, 4, 6, 8] : [1, 2, 4] {
            var fit = try await compute { stop throws(CancellationError) -> MixtureFit in
                var fit = MixtureFit(points, weights: weights, effectiveSize: size)
                var generator = PhiloxGenerator(philox.adding(count))
                try fit.begin(clusters: count, using: &generator, stop)
                return fit
            }
            fit = try await iterated(fit, 20)
            if !fit.components.isEmpty, best.components.isEmpty || fit.criterion > best.criterion { best = fit }
        }
        tell(.fitting)
        return best
    }

    /// Some of expectation maximization's iterations, each a unit of work.
    func iterated(_ fit: MixtureFit, _ times: Int) async throws -> MixtureFit {
        var fit = fit
        for _ in 0..<times {
            let current = fit
            fit = try await compute { stop throws(CancellationError) in
                var next = current
                try next.iterate(stop)
                return next
            }
            if fit.components.isEmpty || (fit.logLikelihood - current.logLikelihood).magnitude < 1e-3 { break }
        }
        return fit
    }

    /// Fitted components, one at each design point whose first-order mass matters, and wide ones.
    func initialMixture(_ fit: MixtureFit?, _ designPoints: [DesignPoint]) -> ProposalMixture {
        let isFull = problem.inputs.count <= MixtureFit.mostFullDimensions
        var components = fit?.components ?? []
        // In many dimensions a design point is a better mean than an average of points.
        let fitted = components.isEmpty ? 0 : designPoints.isEmpty ? 1 : isFull ? 0.8 : 0.5
        var shares = (fit?.shares ?? []).map { $0 * fitted }
        let nearest = designPoints.first?.reliabilityIndex.magnitude ?? 0
        let relevant = designPoints.filter { $0.reliabilityIndex.magnitude < nearest + 2.5 }.prefix(64)
        let masses = relevant.map { ElementaryFunction.normalCDF(-$0.reliabilityIndex.magnitude) }
        let total = masses.reduce(0, +)
        for (point, mass) in zip(relevant, masses) {
            components.append(component(at: point))
            let even = 0.5 / Double(masses.count)
            shares.append((1 - fitted) * (total > 0 ? 0.5 * mass / total + even : 2 * even))
        }
        let reach = components.map { $0.mean.squaredNorm.squareRoot() }.max() ?? 4
        return .combined(components, shares, wide: wideComponents(reach: reach), wideShare: 0.15)
    }

    /// Around the origin: the inputs as they are, and so wide that draws come as far as what is known of the event.
    func wideComponents(reach: Double) -> [MixtureComponent] {
        let d = problem.inputs.count, origin = [Double](repeating: 0, count: d)
        let spread = max(1.1, min((reach + 1) / Double(d).squareRoot(), 6))
        return [.normal(around: origin, spread: 1), .normal(around: origin, spread: spread)]
    }

    /// Beyond a design point as far as the density there falls by e, with that scale across the limit state and 1 along it.
    func component(at point: DesignPoint) -> MixtureComponent {
        let d = point.u.count, norm = max(point.u.squaredNorm.squareRoot(), 1e-9)
        let scale = 1 / max(norm, 1), direction = point.u.map { $0 / norm }
        let mean = zip(point.u, direction).map { $0 + scale * $1 }
        guard d <= MixtureFit.mostFullDimensions else {
            return MixtureComponent(mean: mean, directions: direction, factor: [scale], spread: 1)
        }
        var identity = [Double](repeating: 0, count: d * d), covariance = identity
        for i in 0..<d {
            identity[i * d + i] = 1
            for j in 0..<d {
                covariance[i * d + j] = (i == j ? 1 : 0) + (scale * scale - 1) * direction[i] * direction[j]
            }
        }
        return MixtureComponent(mean: mean, directions: identity, factor: choleskyFactor(covariance, d), spread: 1)
    }
}
