import Statistics

/// The weights of the hits, relative to a scale near the largest of them, so that neither
/// weights nor their squares underflow.
struct HitWeights {
    /// Weight 1 of `values` and of `moments`.
    let scale: Double
    /// Ascending events' weights, at most about 1; empty where only their sums are known.
    let values: [(value: Double, count: UInt64)]
    /// Mean and spread of the weights of all gamblers, 0 for those who failed.
    let moments: RunningMoments
    let effectiveSampleSize: Double?
    private let gamblers: UInt64
    private let hits: UInt64
    private let largestPossible: Double

    init(_ moments: RuinMoments, _ plan: RuinPlan) {
        gamblers = moments.gamblers
        hits = moments.hitCount
        switch moments.hits {
        case .counts(let counts):
            let start = plan.problem.start
            let logWeights = counts.map { plan.tilt.logWeight(of: $0.event, start: start) }
            let largest = logWeights.max() ?? 0
            scale = ScalarFunctions.exp(largest)
            let values = zip(logWeights, counts).map {
                (value: ScalarFunctions.exp($0 - largest), count: $1.count)
            }
            self.values = values
            self.moments = RunningMoments(values + [(0, gamblers - hits)])
            effectiveSampleSize = Statistics.effectiveSampleSize(values)
            largestPossible = plan.tilt.largestWeight(plan.problem)
        case .relativeSums(let hits, let sum, let squares):
            scale = plan.reference
            values = []
            largestPossible = 1
            guard hits > 0 else {
                self.moments = RunningMoments([(0, gamblers)])
                effectiveSampleSize = nil
                return
            }
            let count = Double(hits)
            let mean = 1 + Double(sum) * 0x1p-30 / count
            // Exact until the division: Σ(r − r̄)² = (n Σr² − (Σr)²)/n.
            let within = Double(Int128(hits) * squares - sum * sum) * 0x1p-60 / count
            self.moments = RunningMoments([(mean, hits), (0, gamblers - hits)], scatteredWithin: within)
            effectiveSampleSize = count * mean * mean / (mean * mean + within / count)
        }
    }

    func interval(_ confidence: Double) -> ConfidenceInterval {
        let trials = gamblers
        if hits == 0 {
            return ConfidenceInterval.noSuccess(trials: trials, confidence: confidence)
                .scaled(by: largestPossible).atMostOne
        }
        if let weight = values.first?.value, values.allSatisfy({ $0.value == weight }) {
            return ConfidenceInterval.proportion(successes: hits, trials: trials, confidence: confidence)
                .scaled(by: weight * scale).atMostOne
        }
        let estimate = Estimate(moments)
        // One gambler who hit, its weight known: no spread to speak of.
        guard estimate.standardError != nil else {
            return ConfidenceInterval(lower: 0, upper: 1)
        }
        let largest = (values.map(\.value).max() ?? 1) / Double(trials)
        return ConfidenceInterval.nonnegativeMean(estimate, largest: largest, confidence: confidence)
            .scaled(by: scale).atMostOne
    }
}

extension ConfidenceInterval {
    fileprivate var atMostOne: ConfidenceInterval {
        ConfidenceInterval(lower: min(lower, 1), upper: min(upper, 1))
    }
}

extension ExponentialTilt {
    /// No hitting event has a larger weight: the logarithm is linear in games and gain.
    func largestWeight(_ problem: GamblersRuin) -> Double {
        guard problem.isReachable, let fewest = problem.fewestGames else { return 1 }
        let largest = [fewest, problem.maximumGames].flatMap { games in
            [problem.goal, problem.goal + problem.largestWin - 1].map { position in
                logWeight(of: HittingEvent(games: games, position: position), start: problem.start)
            }
        }.max()!
        return ScalarFunctions.exp(largest)
    }
}

extension RuinPlan {
    /// The weight that Doob's gamblers have, up to rounding.
    var reference: Double { (sampler as? DoobTransform)?.reference ?? 1 }
}
