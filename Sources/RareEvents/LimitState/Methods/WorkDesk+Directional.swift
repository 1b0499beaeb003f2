import Statistics

extension WorkDesk {
    /// The method directional (Bjerager, "Probability integration by directional simulation", 1988): along a random direction the
    /// radius is χ-distributed, and the probability of the event's intervals there needs no sampling. Intervals that the grid of
    /// radii misses are not lost: one random radius a direction tells whether what was found there is right, and its
    /// weighted difference is added, so that the mean is unbiased.
    func directional() async throws -> LimitStateReport {
        let d = problem.inputs.count
        let square = ScaledGammaDistribution(shape: Double(d) / 2, scale: 2)
        let nearest = square.quantile(1e-14).squareRoot(), farthest = square.upperQuantile(1e-16).squareRoot()
        let philox = Philox(seed: specification.seed, stream: takeStreams())
        let cells = 24, cost = UInt64(cells + 14)
        func mass(_ from: Double, _ to: Double) -> Double {
            let a = max(from, 0) * max(from, 0), b = to * to
            return a > Double(d)
                ? square.survivalProbability(a) - square.survivalProbability(b)
                : square.cumulativeProbability(b) - square.cumulativeProbability(a)
        }
        var values: [Double] = [], hits: UInt64 = 0, goal = 512.0, target = 0.0
        switch specification.extent {
        case .draws(let n): goal = Double(n)
        case .relativeError(let error): target = error * 0.8
        }
        while Double(values.count) < goal, remaining > cost * 8 || values.isEmpty && remaining > cost {
            let count = Int(min(128, goal - Double(values.count), Double(remaining / cost)))
            var lines: [LineRoots.Line] = []
            let first = UInt64(values.count)
            let uniforms = (0..<3).map {
                UniformDistribution.standard.draws(count, from: philox.adding(d + $0), at: first)
            }
            let normals = (0..<d).map { NormalDistribution.standard.draws(count, from: philox.adding($0), at: first) }
            for i in 0..<count {
                var direction = normals.map { $0[i] }
                let norm = max(direction.squaredNorm.squareRoot(), 1e-12)
                for j in 0..<d { direction[j] /= norm }
                let width = (farthest - nearest) / Double(cells)
                let grid = (0..<cells).map { nearest + width * (Double($0) + uniforms[0][i]) }
                lines.append(LineRoots.Line(origin: [Double](repeating: 0, count: d), direction: direction, grid: grid))
            }
            let sections = try await LineRoots.sections(self, lines, isCounted: true, reserve: count)
            var checks = Points(dimension: d), radii: [Double] = []
            for i in 0..<count {
                let u = uniforms[2][i]
                let radius = uniforms[1][i] < 0.5 ? square.quantile(u).squareRoot() : nearest + (farthest - nearest) * u
                radii.append(radius)
                checks.coordinates += lines[i].direction.map { $0 * radius }
            }
            let margins = try await margins(at: checks)
            for i in 0..<count {
                var value = min(max(sections[i].mass(mass), 0), 1)
                if value > 0 { hits += 1 }
                let isHit = margins[i] <= 0, r = radii[i]
                if isHit != sections[i].contains(r) {
                    let density = ElementaryFunction.exp(square.logDensity(r * r)) * 2 * r
                    let drawn = 0.5 * density + (r >= nearest && r <= farthest ? 0.5 / (farthest - nearest) : 0)
                    value += (isHit ? 1 : -1) * density / drawn
                }
                values.append(value)
            }
            guard target > 0, Double(values.count) >= goal || values.count.isMultiple(of: 2048) else { continue }
            let moments = RunningMoments(values.map { ($0, 1) }), estimate = Estimate(moments)
            tell(.sampling, estimate)
            guard Double(values.count) >= goal else { continue }
            let variance = moments.mean > 0 ? (moments.variance ?? 0) / (moments.mean * moments.mean) : .infinity
            let wanted = variance / (target * target)
            // A whole number: a fraction of a direction could never be drawn.
            if wanted > goal { goal = min(max(wanted * 1.1, goal + 128), goal * 4).rounded(.up) }
        }
        var report = emptyReport(.directional)
        report.draws = UInt64(values.count)
        report.hits = hits
        guard values.count > 1 else {
            report.confidenceInterval = ConfidenceInterval(lower: 0, upper: 1)
            report.warnings.append(.tooFewEvaluations(wanted: cost * 16))
            finish(&report)
            return report
        }
        let moments = RunningMoments(values.map { ($0, 1) })
        report.estimate = Estimate(moments)
        if moments.mean > 0, let error = report.estimate.standardError, error > 0 {
            let largest = (values.max() ?? 0) / Double(values.count)
            let bounds = ConfidenceInterval.nonnegativeMean(
                report.estimate, largest: largest, confidence: specification.confidence)
            report.confidenceInterval = ConfidenceInterval(lower: min(bounds.lower, 1), upper: min(bounds.upper, 1))
            report.paretoK = ParetoK(
                weights: values.map { (max($0, 0) / (largest * Double(values.count)), 1) }, draws: UInt64(values.count))
            if hits < 20 { report.warnings.append(.fewHits(hits)) }
            if let k = report.paretoK, !k.isReliable {
                report.warnings.append(.heavyTail(k: k.value, threshold: k.threshold))
            }
        } else if moments.mean <= 0 {
            report.estimate = Estimate(value: 0, standardError: nil)
            report.confidenceInterval = .noSuccess(trials: UInt64(values.count), confidence: specification.confidence)
            report.warnings.append(.noHits(draws: UInt64(values.count)))
        } else {
            // All directions alike: the event is a ball, or everything.
            report.confidenceInterval = ConfidenceInterval(
                lower: min(moments.mean, ConfidenceInterval.noMiss(values.count, specification.confidence)),
                upper: min(moments.mean, 1))
        }
        finish(&report)
        return report
    }
}

extension ConfidenceInterval {
    /// The least probability at which so many trials without a failure are not surprising.
    static func noMiss(_ trials: Int, _ confidence: Double) -> Double {
        1 - noSuccess(trials: UInt64(max(trials, 1)), confidence: confidence).upper
    }
}
