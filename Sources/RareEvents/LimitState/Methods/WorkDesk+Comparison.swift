import Statistics

/// What another method says of the draws from a mixture.
struct Comparison: Sendable {
    /// Subset simulation's estimate with its rough error.
    let explored: Estimate
    /// log φ/q at points of the event that subset simulation found, where q is what the estimate is drawn from.
    let logWeights: [Double]
    /// The same at points that the mixture was not fitted to; empty where none were made.
    let fresh: [Double]

    /// More than this share of the event's points where no draw came: a part of the event is not drawn from.
    private static let mostMissed = 0.05
    /// Standard errors of the logarithm.
    private static let mostErrors = 4.0

    /// The share of the event's points at which a weight would exceed all that were drawn: as much of the probability is not in the
    /// estimate. Draws from a mixture that covers the event have such weights about as often.
    func missedShare(_ draws: SampledDraws) -> Double {
        // The largest of a few says little of how large they get.
        draws.hits >= 300 ? missedShare(above: draws.logWeights.max()) : 0
    }

    /// The same for a largest weight; 0 where there is none.
    private func missedShare(above largest: Double?) -> Double {
        guard let largest else { return 0 }
        func share(_ logs: [Double]) -> Double {
            logs.isEmpty ? 0 : Double(logs.count { $0 > largest + 0.1 }) / Double(logs.count)
        }
        return max(share(logWeights), share(fresh))
    }

    /// Whether the draws that a mixture was fitted by show beyond doubt that it misses a part, so that further ones are wasted: points
    /// of the event lie where it hardly draws, or subset simulation found far more. In few variables further draws find the rest.
    func isHopeless(_ mixture: AdaptedMixture) -> Bool {
        guard mixture.mixture.dimension > MixtureFit.mostFullDimensions else { return false }
        return missedShare(above: mixture.largestLogWeight) > 4 * Self.mostMissed
            || mixture.estimate.map(exceeds) ?? false
    }

    func isMissed(_ share: Double) -> Bool { share > Self.mostMissed }

    /// Whether subset simulation found more than the estimate allows. It misses regions more easily than a mixture does, so that less
    /// says nothing. Products of levels stray by factors: their logarithms are compared. In units of the estimate, whatever is found
    /// is never more than 1/(its relative error) errors above 0.
    func exceeds(_ estimate: Estimate) -> Bool {
        guard explored.value > estimate.value, let error = explored.relativeError else { return false }
        guard estimate.value > 0 else { return true }
        let own = estimate.relativeError ?? 0
        let distance = ElementaryFunction.log(explored.value / estimate.value)
        return distance > Self.mostErrors * (error * error + own * own).squareRoot()
    }

    /// The interval that holds both.
    func widened(_ interval: ConfidenceInterval) -> ConfidenceInterval {
        // Two runs say roughly how far they stray: by a third at least.
        let factor = ElementaryFunction.exp(3 * max(explored.relativeError ?? 1, 1.0 / 3))
        return ConfidenceInterval(
            lower: min(interval.lower, explored.value / factor),
            upper: max(interval.upper, min(explored.value * factor, 1)))
    }
}

extension WorkDesk {
    /// Ways to fail from which on there may be as many again that no search found.
    private static let manyWays = 8

    /// Looks at the mixture from where subset simulation has been. With many ways to fail in many variables, a further simulation is made
    /// whose points the mixture does not know: had it missed some of the ways, it shows by how many of these points lie there.
    func comparison(
        _ mixture: ProposalMixture, _ exploration: Exploration, _ search: DesignPointSearch.Result
    ) async throws -> Comparison {
        let d = problem.inputs.count, size = exploration.size
        var fresh = Points(dimension: d)
        if d > MixtureFit.mostFullDimensions, search.points.count >= Self.manyWays,
            remaining > UInt64(20 * size), remaining > specification.maximumEvaluations / 3
        {
            let result = try await SubsetSimulation(size: size).run(self, most: remaining / 2)
            fresh = result.hits
            tell(.exploring)
        }
        let known = try await logWeights(at: exploration.failures, mixture)
        return Comparison(
            explored: exploration.estimate, logWeights: known, fresh: try await logWeights(at: fresh, mixture))
    }

    private func logWeights(at points: Points, _ mixture: ProposalMixture) async throws -> [Double] {
        guard points.count > 0 else { return [] }
        return try await compute { stop throws(CancellationError) in
            let (drawn, normal) = try mixture.logDensities(at: points, stop)
            return zip(normal, drawn).map { $0 - $1 }
        }
    }

    /// What to ask instead of a mixture that misses a part of the event: directions where these find alike what there is, else independent
    /// subset simulations; nil where too few evaluations are left.
    func alternative() async throws -> LimitStateReport? {
        guard case .relativeError(let target) = specification.extent, remaining >= 20_000 else { return nil }
        var directions = DirectionalSampling(self)
        if try await directions.isPromising(for: target) { return try await directional(&directions) }
        let report = try await subset()
        return report.estimate.value > 0 ? report : nil
    }
}
