import Statistics

extension WorkDesk {
    /// The method auto: counts a thousand draws; unless the event is common, explores it by subset simulation, which needs no
    /// gradient, and by design-point searches from what that found; draws from a mixture of all that; and compares.
    func automatic() async throws -> LimitStateReport {
        let d = problem.inputs.count
        let size = Int(min(d > 10 ? 2000 : 1000, specification.maximumEvaluations / 20))
        guard size >= 100 else {
            var report = report(try await naiveSampling(expecting: nil), by: .naive)
            report.reason = "max_evaluations leaves no room for exploring"
            return report
        }
        let pilot = Points(dimension: d, NormalDistribution.standard.draws(size * d, from: newPhilox()))
        let pilotMargins = try await margins(at: pilot)
        let hits = pilotMargins.count { $0 <= 0 }, share = Double(hits) / Double(size)
        tell(.exploring, Estimate(value: share, standardError: nil))
        if share >= 0.2 {
            var report = report(
                try await naiveSampling(expecting: (1 - share) / share, aim: Self.aim), by: .naive)
            report.reason = "\(hits) of the first \(size) draws were in the event: so common a one is best counted"
            return report
        }
        let exploration = try await explore(pilot, pilotMargins, size)
        let fit = exploration.failures.count > 0 ? try await fitted(exploration.failures) : nil
        var starts: [[Double]] = [[Double](repeating: 0, count: d)]
        starts += (fit?.components ?? []).map(\.mean)
        starts += randomStarts(d <= MixtureFit.mostFullDimensions ? 16 : 4, radius: 3)
        // Components of a system often depend on one variable each.
        if d <= 64 {
            for j in 0..<d {
                for sign in [-3.0, 3] {
                    var start = [Double](repeating: 0, count: d)
                    start[j] = sign
                    starts.append(start)
                }
            }
        }
        let chosen = min(d > MixtureFit.mostFullDimensions ? 48 : 24, exploration.failures.count)
        starts += (0..<chosen).map { Array(exploration.failures[$0 * exploration.failures.count / chosen]) }
        let finite = pilotMargins.filter(\.isFinite).map(\.magnitude).sorted()
        let scale = finite.isEmpty ? 1 : finite[finite.count / 2]
        let limit = Int(clamping: remaining / 50)
        let search = try await DesignPointSearch.run(self, from: Array(starts.prefix(max(limit, 1))), scale: scale)
        let mixture = try await adapted(initialMixture(fit, search.points))
        return try await answer(mixture, exploration, search)
    }

    /// What subset simulation found.
    struct Exploration: Sendable {
        /// Points of the event.
        var failures: Points
        /// Mean of two runs, with a rough standard error; value 0 where neither came to the event.
        var estimate: Estimate
        var evaluations: UInt64
        /// Samples of a level.
        var size: Int
    }

    private func explore(_ pilot: Points, _ margins: [Double], _ size: Int) async throws -> Exploration {
        let simulation = SubsetSimulation(size: size), before = evaluations
        var failures = Points(dimension: pilot.dimension), values: [Double] = [], variance = 0.0
        for run in 0..<2 {
            let result = try await simulation.run(
                self, first: run == 0 ? (pilot, margins) : nil, most: specification.maximumEvaluations / 4)
            values.append(result.probability)
            variance += result.relativeError * result.relativeError * result.probability * result.probability
            guard result.hits.count > 0 else { continue }
            // More of the event: chains from all that there are.
            var step: UInt64 = 1
            let zeros = [Double](repeating: 0, count: result.hits.count)
            let (points, _) = try await simulation.conditional(
                self, seeds: result.hits, margins: zeros, threshold: 0, count: size, philox: newPhilox(), step: &step)
            failures.append(points)
        }
        let estimate = Estimate(value: values.reduce(0, +) / 2, standardError: variance.squareRoot() / 2)
        tell(.exploring, estimate)
        return Exploration(failures: failures, estimate: estimate, evaluations: evaluations - before, size: size)
    }

    /// From the mixture where that promises the lesser error, else by subset simulation; compared with the exploration.
    private func answer(
        _ mixture: AdaptedMixture, _ exploration: Exploration, _ search: DesignPointSearch.Result
    ) async throws -> LimitStateReport {
        let explored = exploration.estimate
        let left = Double(max(remaining, 1))
        let mixtureError = mixture.relativeVariance.map { ($0 / left).squareRoot() } ?? .infinity
        let subsetError = (explored.relativeError ?? .infinity) * (Double(exploration.evaluations) / left).squareRoot()
        let found =
            "subset simulation found \(explored.value), and \(search.points.count) design "
            + "\(search.points.count == 1 ? "point was" : "points were") found"
        if mixture.relativeVariance == nil, explored.value == 0 {
            let draws = try await naiveSampling(expecting: nil), form = try await formProbability(search)
            return report(draws, by: .naive) { report, _ in
                report.reason =
                    "neither subset simulation nor design points led to the event, so the bound is that of counting"
                note(search, form, in: &report)
            }
        }
        if case .relativeError(let target) = specification.extent, mixtureError > 0.5 * target,
            subsetError < 0.5 * mixtureError
        {
            var report = try await subset()
            report.reason = "\(found); weights of a mixture would vary too much"
            note(search, try await formProbability(search), in: &report)
            return report
        }
        let comparison = try await comparison(mixture.mixture, exploration, search)
        let misses = "a mixture fitted to both misses a part of the event"
        if comparison.isHopeless(mixture), var other = try await alternative() {
            other.reason = "\(found); \(misses)"
            note(search, try await formProbability(search), in: &other)
            return other
        }
        let draws = try await weightedDraws(from: mixture), form = try await formProbability(search)
        let weighted = report(draws, by: .importance) { report, draws in
            report.reason =
                "\(found); a mixture of \(mixture.mixture.components.count) components fitted to both is drawn from"
            compare(&report, draws, comparison)
            note(search, form, in: &report)
        }
        let missed = comparison.missedShare(draws)
        guard comparison.isMissed(missed) || comparison.exceeds(weighted.estimate),
            var other = try await alternative()
        else { return weighted }
        other.reason =
            "\(found); \(misses), of which it gave \(weighted.estimate.value.threeDigits)"
        // A mixture that misses a part finds less: more is a contradiction.
        if let own = weighted.estimate.standardError, let interval = other.confidenceInterval,
            weighted.estimate.value - 4 * own > interval.upper
        {
            other.warnings.append(.contradicts(.importance, weighted.estimate.value, own))
            other.confidenceInterval?.upper = min(1, weighted.confidenceInterval?.upper ?? 1)
        }
        note(search, form, in: &other)
        return other
    }

    /// Warns of what subset simulation says against weighted draws, and widens their interval.
    private func compare(_ report: inout LimitStateReport, _ draws: SampledDraws, _ comparison: Comparison) {
        let missed = comparison.missedShare(draws)
        guard comparison.isMissed(missed) || comparison.exceeds(report.estimate) else { return }
        if comparison.exceeds(report.estimate) || comparison.explored.value == 0 {
            let explored = comparison.explored
            report.warnings.append(.contradicts(.subset, explored.value, explored.standardError ?? 0))
        } else {
            report.warnings.append(.missesPart(share: missed))
        }
        report.confidenceInterval = report.confidenceInterval.map(comparison.widened)
    }

    /// Design points; that there are none is no fault of an answer which does not rest on them.
    private func note(_ search: DesignPointSearch.Result, _ form: Double?, in report: inout LimitStateReport) {
        describe(search, form, in: &report)
        report.warnings.removeAll { $0 == .noDesignPoint || $0 == .notSmooth }
    }

    /// Directions at random, a fixed distance out.
    func randomStarts(_ count: Int, radius: Double) -> [[Double]] {
        let d = problem.inputs.count, philox = newPhilox()
        return (0..<count).map { i in
            let z = NormalDistribution.standard.draws(d, from: philox, at: UInt64(i * d))
            let norm = max(z.squaredNorm.squareRoot(), 1e-9)
            return z.map { $0 * radius / norm }
        }
    }
}
