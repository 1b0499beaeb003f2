import Statistics

extension WorkDesk {
    /// How far below the relative error asked for the methods aim: a standard error of two fifths of it leaves the estimate
    /// itself within it in all but one run in a hundred.
    static let aim = 0.4

    /// Draws the estimate from a source: as many as asked for, or until the relative error is reached. How many is decided from
    /// `expected` before the first draw, and looked at again only where that was too few. Of a run in shards, those of this shard;
    /// where shards are merged, theirs.
    ///
    /// - Parameter expected: n·Var/mean² from other draws; nil where it is not known.
    func finalDraws(of source: any DrawSource, expecting expected: Double?, aim: Double = WorkDesk.aim) async throws
        -> SampledDraws
    {
        var total = SampledDraws()
        let most: UInt64, target: Double?
        let bound = min(remaining, mostDraws(source.isNaive ? .naive : .importance))
        switch specification.extent {
        case .draws(let n): (most, target) = (min(n, bound), nil)
        case .relativeError(let error): (most, target) = (bound, error * aim)
        }
        func moments(_ draws: SampledDraws) -> LimitStateMoments {
            LimitStateMoments(draws, of: most, isNaive: source.isNaive, isComplement: isComplement)
        }
        if let merged {
            let draws = SampledDraws(merged)
            note(moments(draws))
            count(Int(clamping: merged.count))
            return draws
        }
        let range = (specification.shard ?? .whole).gamblers(of: most), start = range.lowerBound
        let kept = LimitStateUnit.Kept(hits: false, sampleBelow: start + sampleSize)
        var goal = UInt64(range.count)
        if let target {
            let wanted = (expected ?? 0) * 1.2 / (target * target)
            goal = min(most, max(4000, wanted < 1e15 ? UInt64(wanted) : most))
        }
        while total.draws < goal {
            // Looks at doublings, for those who watch.
            while total.draws < goal {
                let next = min(goal, max(1024, total.draws * 2))
                total.append(try await sample(source, start + total.draws..<start + next, keeping: kept))
                tell(.sampling, WeightedEstimate(total, confidence: specification.confidence).estimate)
            }
            guard let target, goal < most else { break }
            let variance = WeightedEstimate(total, confidence: specification.confidence).relativeVariance
            let wanted = variance / (target * target)
            guard wanted > Double(goal) else { break }
            goal = min(most, wanted < Double(goal) * 3 ? UInt64(wanted * 1.1) + 1 : goal * 3)
        }
        if specification.shard != nil { note(moments(total)) }
        return total
    }

    /// Draws kept for tables and pictures.
    var sampleSize: UInt64 { UInt64(max(100, min(2000, 100_000 / problem.inputs.count))) }

    /// A report on draws; what no draw says is left empty. Where shards are merged it has a report on each one's, too.
    ///
    /// - Parameter completion: adds what else is known, from the draws or without them.
    func report(
        _ draws: SampledDraws, by method: LimitStateSpecification.Method,
        completion: (inout LimitStateReport, SampledDraws) -> Void = { _, _ in }
    ) -> LimitStateReport {
        let before = evaluations - min(draws.draws, evaluations)
        var report = reportAlone(draws, by: method, evaluations: evaluations)
        completion(&report, draws)
        report.shards = shards.map { moments in
            let draws = SampledDraws(moments)
            var report = reportAlone(draws, by: method, evaluations: before + draws.draws)
            completion(&report, draws)
            return report
        }
        return report
    }

    private func reportAlone(
        _ draws: SampledDraws, by method: LimitStateSpecification.Method, evaluations: UInt64
    ) -> LimitStateReport {
        let weighted = WeightedEstimate(draws, confidence: specification.confidence)
        var report = emptyReport(method)
        report.estimate = weighted.estimate
        report.confidenceInterval = weighted.interval
        report.hits = draws.hits
        report.draws = draws.draws
        report.effectiveSampleSize = weighted.effectiveSampleSize
        report.paretoK = weighted.paretoK
        report.sample = draws.sample
        if draws.hits == 0 {
            report.warnings.append(.noHits(draws: draws.draws))
            if draws.draws > 1, draws.lowest == draws.highest {
                report.warnings.append(.constant(value(ofMargin: draws.lowest)))
            }
        } else if draws.logWeights.isEmpty, draws.hits == draws.draws {
            report.warnings.append(.noMisses(draws: draws.draws))
            if draws.draws > 1, draws.lowest == draws.highest {
                report.warnings.append(.constant(value(ofMargin: draws.lowest)))
            }
        } else if draws.hits < 20 {
            report.warnings.append(.fewHits(draws.hits))
        }
        if let k = weighted.paretoK, !k.isReliable, !weighted.isEven {
            report.warnings.append(.heavyTail(k: k.value, threshold: k.threshold, method: specification.method))
        }
        if draws.hits > 0, !draws.logWeights.isEmpty, report.estimate.standardError ?? 0 == 0 {
            report.warnings.append(draws.draws == 1 ? .tooFewDraws(1, wanted: 3) : .noSpread)
        }
        if let size = weighted.effectiveSampleSize, !draws.logWeights.isEmpty, size < 50, draws.hits >= 20 {
            report.warnings.append(.fewEffective(size))
        }
        if weighted.wideShare > 0.3, !draws.logWeights.isEmpty {
            report.warnings.append(.missedRegion(share: weighted.wideShare))
        }
        if isComplement { report.complement() }
        finish(&report, evaluations)
        return report
    }

    func value(ofMargin margin: Double) -> Double {
        problem.threshold + ((problem.event == .below) != isComplement ? margin : -margin)
    }

    /// What follows from the estimate and the evaluations.
    func finish(_ report: inout LimitStateReport, _ done: UInt64? = nil) {
        let evaluations = done ?? evaluations
        report.evaluations = evaluations
        report.gradientEvaluations = gradientEvaluations
        let p = report.estimate.value
        if let error = report.estimate.standardError, error > 0, p > 0, p < 1 {
            let ratio = p * (1 - p) / Double(max(evaluations, 1)) / (error * error)
            report.varianceReduction = ratio.isFinite ? ratio : nil
        }
        let bound = mostDraws(report.method)
        if case .draws(let n) = specification.extent, n > bound {
            report.warnings.append(.drawsBounded(bound))
        } else if report.draws >= bound {
            report.warnings.append(.drawsBounded(bound))
        }
        // All draws alike say as much as they can.
        let isAllHits = report.hits > 0 && report.hits == report.draws
        if case .relativeError(let target) = specification.extent, report.method != .form, !isAllHits,
            report.relativeError ?? .infinity > target
        {
            // A round of what is left would have to be worth making.
            report.warnings.append(
                .accuracyNotReached(target, isSpent: remaining < specification.maximumEvaluations / 2))
        }
    }

    func emptyReport(_ method: LimitStateSpecification.Method) -> LimitStateReport {
        LimitStateReport(
            estimate: Estimate(value: 0, standardError: nil), confidenceInterval: nil, exact: nil, hits: 0, draws: 0,
            evaluations: evaluations, gradientEvaluations: gradientEvaluations, effectiveSampleSize: nil, paretoK: nil,
            varianceReduction: nil, method: method, reason: nil, designPoints: [], formProbability: nil, sample: [],
            warnings: [], moments: nil)
    }

    func naiveDraws() -> NaiveDraws {
        NaiveDraws(dimension: problem.inputs.count, philox: Philox(seed: specification.seed, stream: takeStreams()))
    }

    /// The method naive: counts.
    func naive() async throws -> LimitStateReport {
        report(try await naiveSampling(expecting: nil), by: .naive)
    }

    func naiveSampling(expecting expected: Double?, aim: Double = 1) async throws -> SampledDraws {
        try await finalDraws(of: naiveDraws(), expecting: expected, aim: aim)
    }
}

extension LimitStateReport {
    /// From the complement's probability to the event's.
    mutating func complement() {
        estimate = Estimate(value: 1 - estimate.value, standardError: estimate.standardError)
        confidenceInterval = confidenceInterval.map { ConfidenceInterval(lower: 1 - $0.upper, upper: 1 - $0.lower) }
        hits = draws - min(hits, draws)
        sample = sample.map { Draw(x: $0.x, value: $0.value, weight: $0.weight, isHit: !$0.isHit) }
        warnings = warnings.map { warning in
            if case .noHits(let draws) = warning { return .noMisses(draws: draws) }
            return warning
        }
    }
}
