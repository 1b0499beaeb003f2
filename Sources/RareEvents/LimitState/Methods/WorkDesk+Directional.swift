import Statistics

extension WorkDesk {
    /// The method directional (Bjerager, "Probability integration by directional simulation", 1988): along a random direction the
    /// radius is χ-distributed, and the probability of the event's intervals there needs no sampling. Intervals that the grid of
    /// radii misses are not lost: one random radius a direction tells whether what was found there is right, and its
    /// weighted difference is added, so that the mean is unbiased.
    func directional() async throws -> LimitStateReport {
        var sampling = DirectionalSampling(self)
        return try await directional(&sampling)
    }

    /// The same with a sampling that may have begun.
    func directional(_ sampling: inout DirectionalSampling) async throws -> LimitStateReport {
        var values: [Double] = [], hits: UInt64 = 0
        if let merged {
            if case .directions(let found, let evaluations) = merged.detail {
                (values, hits) = (found, merged.hits)
                count(Int(clamping: evaluations))
            }
        } else {
            (values, hits) = try await sampling.run()
        }
        if merged != nil || specification.shard != nil, case .draws(let n) = specification.extent {
            note(
                LimitStateMoments(
                    count: UInt64(values.count), of: min(n, mostDraws(.directional)), hits: hits,
                    detail: .directions(values: values, evaluations: evaluations)))
        }
        var report = directional(values, hits: hits, evaluations: evaluations)
        report.shards = shards.map { moments in
            guard case .directions(let values, let evaluations) = moments.detail else { return report }
            return directional(values, hits: moments.hits, evaluations: evaluations)
        }
        return report
    }

    /// The report on the values of directions.
    private func directional(_ values: [Double], hits: UInt64, evaluations: UInt64) -> LimitStateReport {
        var report = emptyReport(.directional)
        report.draws = UInt64(values.count)
        report.hits = hits
        guard values.count > 1 else {
            report.confidenceInterval = ConfidenceInterval(lower: 0, upper: 1)
            if case .draws(let n) = specification.extent, n < 2 || values.count == 1 {
                report.warnings.append(.tooFewDraws(UInt64(values.count), wanted: 16))
            } else {
                report.warnings.append(.tooFewEvaluations(wanted: DirectionalSampling.cost * 16))
            }
            finish(&report, evaluations)
            return report
        }
        let moments = RunningMoments(values.map { ($0, 1) })
        report.estimate = Estimate(moments)
        if moments.mean > 0, let error = report.estimate.standardError, error > 0 {
            let largest = (values.max() ?? 0) / Double(values.count)
            let bounds = ConfidenceInterval.nonnegativeMean(
                report.estimate, largest: largest, confidence: specification.confidence)
            // Roots are rounded, which matters where directions hardly differ.
            let slack = error < 1e-7 * moments.mean ? 1e-8 : 0
            report.confidenceInterval = ConfidenceInterval(
                lower: min(bounds.lower * (1 - slack), 1), upper: min(bounds.upper * (1 + slack), 1))
            report.paretoK = ParetoK(
                weights: values.map { (max($0, 0) / (largest * Double(values.count)), 1) }, draws: UInt64(values.count))
            if hits < 20 { report.warnings.append(.fewHits(hits)) }
            if let k = report.paretoK, !k.isReliable {
                report.warnings.append(.heavyTail(k: k.value, threshold: k.threshold, method: specification.method))
            }
        } else if moments.mean <= 0 {
            report.estimate = Estimate(value: 0, standardError: nil)
            report.confidenceInterval = .noSuccess(trials: UInt64(values.count), confidence: specification.confidence)
            report.warnings.append(.noHits(draws: UInt64(values.count)))
        } else {
            // All directions alike: the event is a ball, what is outside one, or everything. Roots are rounded.
            let slack = 1e-8
            report.confidenceInterval = ConfidenceInterval(
                lower: min(
                    moments.mean * (1 - slack), ConfidenceInterval.noMiss(values.count, specification.confidence)),
                upper: min(moments.mean * (1 + slack), 1))
        }
        finish(&report, evaluations)
        return report
    }
}

extension ConfidenceInterval {
    /// The least probability at which so many trials without a failure are not surprising.
    static func noMiss(_ trials: Int, _ confidence: Double) -> Double {
        1 - noSuccess(trials: UInt64(max(trials, 1)), confidence: confidence).upper
    }
}
