import Statistics

extension WorkDesk {
    /// Independent runs of a subset estimate: their spread is its error, whatever the chains' correlation.
    static let replicates = 16

    /// The method subset: a few small runs say how large the others must be; those others are the estimate.
    func subset() async throws -> LimitStateReport {
        let replicates = Self.replicates
        var size: Int
        switch specification.extent {
        case .draws(let n): size = max(20, Int(clamping: min(n, mostDraws(.subset))) / replicates)
        case .relativeError(let target):
            // Four runs of 250 a level.
            guard remaining >= 40_000 else {
                // No room for trials: a guess of six levels.
                size = max(20, Int(remaining) / (replicates * 6))
                break
            }
            var logs = RunningMoments(), cost: UInt64 = 0
            for _ in 0..<4 {
                let before = evaluations
                let result = try await SubsetSimulation(size: 250).run(self, most: remaining / 20)
                tell(.exploring)
                cost += evaluations - before
                if result.probability > 0 { logs.add(ElementaryFunction.log(result.probability)) }
            }
            let perSample = Double(cost) / 4 / 250
            let spread = (logs.variance ?? 1).squareRoot()
            let aim = target * 0.8
            let wanted = 250 * spread * spread / (Double(replicates) * aim * aim)
            let affordable = Double(remaining) * 0.95 / (Double(replicates) * max(perSample, 1))
            size = Int(
                max(100, min(wanted * 1.2, affordable, 200_000, Double(mostDraws(.subset)) / Double(replicates))))
        }
        var runs = try await runs(of: size)
        // Trials may promise too much: as long as much is left, larger runs take the place of those that strayed farther than asked for.
        if case .relativeError(let target) = specification.extent {
            for _ in 0..<3 {
                let moments = RunningMoments(runs.estimates.map { ($0, 1) })
                let error = Estimate(moments).relativeError ?? .infinity
                guard error > target || runs.estimates.count < replicates, runs.evaluations > 0 else { break }
                let perSample = Double(runs.evaluations) / Double(max(runs.samples, 1))
                let affordable = min(
                    Double(remaining) * 0.9 / (Double(replicates) * perSample), 200_000,
                    Double(mostDraws(.subset)) / Double(replicates))
                let wanted = Double(size) * 1.5 * max(error / target, 1) * max(error / target, 1)
                let larger = Int(min(wanted, affordable))
                guard larger >= 2 * size else { break }
                size = larger
                runs = try await self.runs(of: size)
            }
        }
        let (estimates, hits, samples) = (runs.estimates, runs.hits, runs.samples)
        var report = emptyReport(.subset)
        report.hits = hits
        report.draws = samples
        guard estimates.count >= 4 else {
            report.confidenceInterval = ConfidenceInterval(lower: 0, upper: 1)
            report.warnings.append(.tooFewEvaluations(wanted: UInt64(replicates * size * 2)))
            finish(&report)
            return report
        }
        let moments = RunningMoments(estimates.map { ($0, 1) })
        let estimate = Estimate(moments)
        report.estimate = estimate
        if case .draws(let n) = specification.extent, n < samples {
            report.warnings.append(.drawsRaised(from: n, to: samples))
        }
        if estimate.value > 0, hits < 20 { report.warnings.append(.fewHits(hits)) }
        if estimate.value > 0, estimate.standardError ?? 0 > 0, estimates.contains(0) {
            // Where a run missed the event altogether there is no logarithm.
            let largest = (estimates.max() ?? 0) / Double(estimates.count)
            let bounds = ConfidenceInterval.nonnegativeMean(
                estimate, largest: largest, confidence: specification.confidence)
            report.confidenceInterval = ConfidenceInterval(lower: bounds.lower, upper: min(bounds.upper, 1))
        } else if estimate.value > 0, let error = estimate.relativeError, error > 0 {
            // Runs are skewed to the right as products are: Student's t for the logarithm.
            let t = StudentTDistribution(degreesOfFreedom: Double(estimates.count - 1))
                .upperQuantile((1 - specification.confidence) / 2)
            let factor = ElementaryFunction.exp(min(t * error, 700))
            report.confidenceInterval = ConfidenceInterval(
                lower: estimate.value / factor, upper: min(estimate.value * factor, 1))
        } else if estimate.value > 0 {
            if estimate.value == 1 {
                report.confidenceInterval = ConfidenceInterval(
                    lower: ConfidenceInterval.noMiss(Int(clamping: samples), specification.confidence), upper: 1)
                report.warnings.append(.noMisses(draws: samples))
            } else {
                report.confidenceInterval = ConfidenceInterval(lower: 0, upper: 1)
                report.warnings.append(.noSpread)
            }
        } else {
            report.estimate = Estimate(value: 0, standardError: nil)
            // The first levels are naive draws, of which none hit.
            report.confidenceInterval = .noSuccess(trials: samples, confidence: specification.confidence)
            report.warnings.append(.noHits(draws: samples))
        }
        finish(&report)
        return report
    }

    /// Independent runs.
    private func runs(of size: Int) async throws -> (
        estimates: [Double], hits: UInt64, samples: UInt64, evaluations: UInt64
    ) {
        let before = evaluations
        var estimates: [Double] = [], hits: UInt64 = 0, samples: UInt64 = 0
        for replicate in 0..<Self.replicates {
            let share = remaining / UInt64(Self.replicates - replicate)
            // What is left does not make a run of a level and a half.
            guard share >= UInt64(size) else { break }
            let result = try await SubsetSimulation(size: size).run(self, most: min(share + share / 4, remaining))
            estimates.append(result.probability)
            hits += UInt64(result.hits.count)
            samples += UInt64(size)
            tell(.sampling, estimates.count > 1 ? Estimate(RunningMoments(estimates.map { ($0, 1) })) : nil)
        }
        return (estimates, hits, samples, evaluations - before)
    }
}
