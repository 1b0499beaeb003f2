import Statistics

/// What is drawn from, and what is known of how well.
struct AdaptedMixture: Sendable {
    let mixture: ProposalMixture
    /// n·Var/mean² of weighted draws; nil where none hit.
    let relativeVariance: Double?
    /// log φ/q of the heaviest of those draws; nil where few hit.
    var largestLogWeight: Double?
    /// What those draws came to; nil where none hit.
    var estimate: Estimate?
}

extension WorkDesk {
    /// Draws of one round: more where there are more variables.
    private var roundSize: UInt64 {
        let size: UInt64 = problem.inputs.count > MixtureFit.mostFullDimensions ? 2000 : 1000
        return max(50, min(size, specification.maximumEvaluations / 40))
    }

    /// Fits a mixture to its own hits, round by round, and returns the best that has been drawn from.
    func adapted(_ start: ProposalMixture, rounds: Int = 4) async throws -> AdaptedMixture {
        let d = problem.inputs.count, size = roundSize
        var mixtures = [start], variances: [Double] = [], largest: [Double?] = [], estimates: [Estimate?] = []
        var hits = Points(dimension: d)
        for round in 0..<rounds {
            guard remaining > 4 * size else { break }
            let mixture = mixtures[round]
            let draws = try await sample(
                MixtureDraws(mixture, philox: newPhilox()), 0..<size, keeping: .init(hits: true))
            let weighted = WeightedEstimate(draws, confidence: specification.confidence)
            variances.append(weighted.relativeVariance)
            largest.append(draws.hits >= 300 ? draws.logWeights.max() : nil)
            estimates.append(draws.hits > 0 ? weighted.estimate : nil)
            tell(.fitting, estimates[round])
            hits.append(Points(dimension: d, draws.points))
            guard round + 1 < rounds else { break }
            let isEnough = hits.count > min(10 * d, 200)
            mixtures.append(isEnough ? try await refitted(mixture, Array(mixtures[...round]), hits) : mixture)
        }
        guard var chosen = variances.indices.last else { return AdaptedMixture(mixture: start, relativeVariance: nil) }
        // The last has seen the most: an earlier one must be much better.
        for (i, variance) in variances.enumerated() where variance < 0.7 * variances[chosen] { chosen = i }
        let variance = variances[chosen]
        return AdaptedMixture(
            mixture: mixtures[chosen], relativeVariance: variance.isFinite ? variance : nil,
            largestLogWeight: largest[chosen], estimate: estimates[chosen])
    }

    /// The estimate's draws, afresh; where the tail of their weights is too heavy, once more from what they teach.
    func weightedDraws(from adapted: AdaptedMixture) async throws -> SampledDraws {
        let source = MixtureDraws(adapted.mixture, philox: newPhilox())
        return try await finalDraws(of: source, expecting: adapted.relativeVariance)
    }

    /// The mixture that the hits of all rounds so far call for, each weighed by φ over the mixture of all that were drawn from
    /// (the balance heuristic: Veach, Guibas, "Optimally combining sampling techniques for Monte Carlo rendering", 1995).
    private func refitted(
        _ mixture: ProposalMixture, _ drawn: [ProposalMixture], _ hits: Points
    ) async throws -> ProposalMixture {
        let d = problem.inputs.count, isFull = d <= MixtureFit.mostFullDimensions
        let weights = try await compute { stop throws(CancellationError) -> [Double] in
            var densities: [[Double]] = [], logs: [Double] = []
            for mixture in drawn {
                let found = try mixture.logDensities(at: hits, stop)
                densities.append(found.mixture)
                logs = found.normal
            }
            for i in logs.indices {
                var most = -Double.infinity
                for density in densities { most = max(most, density[i]) }
                var sum = 0.0
                for density in densities { sum += ElementaryFunction.exp(density[i] - most) }
                logs[i] -= most + ElementaryFunction.log(sum)
            }
            let most = logs.max() ?? 0
            return logs.map { ElementaryFunction.exp($0 - most) }
        }
        // Where a single point weighs as much as many, no component was near: one is begun there.
        let sum = weights.reduce(0, +)
        var heavy: [[Double]] = []
        for i in weights.indices.sorted(by: { weights[$0] > weights[$1] }).prefix(60) {
            guard weights[i] > 8 * sum / Double(weights.count), heavy.count < (isFull ? 4 : 12) else { break }
            let point = Array(hits[i])
            if heavy.allSatisfy({ zip($0, point).map { $0 - $1 }.squaredNorm > 1 }) { heavy.append(point) }
        }
        let narrow = mixture.components.count - mixture.wide
        var components = Array(mixture.components[..<narrow]), shares = Array(mixture.weights[..<narrow])
        if isFull {
            var identity = [Double](repeating: 0, count: d * d)
            for j in 0..<d { identity[j * d + j] = 1 }
            for point in heavy {
                components.append(
                    MixtureComponent(mean: point, directions: identity, factor: identity.map { $0 / 2 }, spread: 1))
                shares.append(0.05)
            }
        } else if !heavy.isEmpty {
            // In many dimensions a point says little of where its region is; the design point near it does.
            let search = try await DesignPointSearch.run(self, from: heavy, scale: 1)
            for point in search.points {
                let isNew = components.allSatisfy { zip($0.mean, point.u).map { $0 - $1 }.squaredNorm > 1 }
                guard isNew, components.count < 40 else { continue }
                components.append(component(at: point))
                shares.append(0.05)
            }
        }
        let wide = Array(mixture.components[narrow...])
        components += wide
        shares += mixture.weights[narrow...]
        var fit = MixtureFit(hits, weights: weights, effectiveSize: sum * sum / weights.squaredNorm)
        fit.begin(with: components, shares: shares, fixed: wide.count)
        fit = try await iterated(fit, 8)
        let fitted = fit.components.count - wide.count
        guard fitted >= 0 else { return mixture }
        let reach = fit.components[..<fitted].map { $0.mean.squaredNorm.squareRoot() }.max()
        let wideShare = fit.shares[fitted...].reduce(0, +)
        return ProposalMixture.combined(
            Array(fit.components[..<fitted]), Array(fit.shares[..<fitted]),
            wide: reach.map { wideComponents(reach: $0) } ?? wide, Array(fit.shares[fitted...]),
            wideShare: max(wideShare, 0.1))
    }
}

extension ProposalMixture {
    /// Components with their relative shares, and wide ones that have `wideShare` together, each of them at least a third of
    /// its even part.
    static func combined(
        _ components: [MixtureComponent], _ shares: [Double], wide: [MixtureComponent], _ wideShares: [Double]? = nil,
        wideShare: Double
    ) -> ProposalMixture {
        let rest = components.isEmpty ? 1 : wideShare, total = shares.reduce(0, +)
        var parts = [Double](repeating: 1, count: wide.count)
        if let wideShares, wideShares.count == wide.count {
            let sum = max(wideShares.reduce(0, +), 1e-300)
            parts = wideShares.map { 0.5 + $0 / sum * Double(wide.count) }
        }
        let whole = parts.reduce(0, +)
        return ProposalMixture(
            components: components + wide,
            weights: shares.map { $0 / total * (1 - rest) } + parts.map { $0 / whole * rest }, wide: wide.count)
    }
}
