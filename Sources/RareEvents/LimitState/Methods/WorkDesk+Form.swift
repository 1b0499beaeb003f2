import Statistics

extension WorkDesk {
    /// Design points from the origin, from where a few draws came closest, and from all around.
    func searchDesignPoints() async throws -> DesignPointSearch.Result {
        let d = problem.inputs.count, count = Int(min(200, remaining / 4))
        guard count > 8 else { return DesignPointSearch.Result(points: [], hasKinks: false) }
        let pilot = Points(dimension: d, NormalDistribution.standard.draws(count * d, from: newPhilox()))
        let margins = try await margins(at: pilot)
        let finite = margins.filter(\.isFinite).map(\.magnitude).sorted()
        let scale = finite.isEmpty ? 1 : finite[finite.count / 2]
        var starts: [[Double]] = [[Double](repeating: 0, count: d)]
        for i in margins.indices.sorted(by: { margins[$0] < margins[$1] }).prefix(8) { starts.append(Array(pilot[i])) }
        starts += randomStarts(d <= MixtureFit.mostFullDimensions ? 24 : 8, radius: 3)
        let limit = Int(clamping: remaining / 20)
        var result = try await DesignPointSearch.run(self, from: Array(starts.prefix(max(1, limit))), scale: scale)
        result.commonness = Double(margins.count { $0 <= 0 }) / Double(count)
        return result
    }

    /// The method form.
    func form() async throws -> LimitStateReport {
        let search = try await searchDesignPoints()
        var report = emptyReport(.form)
        describe(search, try await formProbability(search), in: &report)
        if let p = report.formProbability {
            report.estimate = Estimate(value: p, standardError: nil)
            report.warnings.append(.firstOrder)
        } else {
            report.confidenceInterval = ConfidenceInterval(lower: 0, upper: 1)
        }
        finish(&report)
        return report
    }

    /// The method importance: a mixture around the design points.
    func importance() async throws -> LimitStateReport {
        let search = try await searchDesignPoints()
        isComplement = search.commonness > 0.5
        let mixture = try await adapted(initialMixture(nil, search.points))
        let draws = try await weightedDraws(from: mixture), form = try await formProbability(search)
        return report(draws, by: .importance) { report, _ in describe(search, form, in: &report) }
    }

    /// Design points and what follows from them.
    func describe(_ search: DesignPointSearch.Result, _ form: Double?, in report: inout LimitStateReport) {
        report.designPoints = search.points
        report.formProbability = form
        if search.points.isEmpty { report.warnings.append(.noDesignPoint) }
        if search.hasKinks, search.points.isEmpty || report.method == .form { report.warnings.append(.notSmooth) }
    }

    /// The first-order approximation; nil without a design point.
    func formProbability(_ search: DesignPointSearch.Result) async throws -> Double? {
        guard !search.points.isEmpty else { return nil }
        return try await compute { [philox = newPhilox()] stop throws(CancellationError) in
            try FirstOrder.probability(of: search.points, philox: philox, stop)
        }
    }
}

/// The first-order approximation: the event, or what is not the event where the origin belongs to it, as a union of half-spaces.
enum FirstOrder {
    private static let draws = 4096

    /// P(∪ {α_k·u ≥ |β_k|}) = Σ P_k E_k[1/N(u)], N how many half-spaces hold u and E_k the mean over half-space k (Owen, Maximov,
    /// Chertkov, "Importance sampling the union of rare events with an application to power systems analysis", 2019). Exact for one
    /// design point; for several the error is below 1/√4096 of it.
    static func probability(
        of points: [DesignPoint], philox: Philox, _ stop: StopCheck
    ) throws(CancellationError) -> Double {
        guard let nearest = points.first else { return 0 }
        let containsOrigin = nearest.reliabilityIndex < 0
        let relevant = points.filter { ($0.reliabilityIndex < 0) == containsOrigin }
        let sign: Double = containsOrigin ? -1 : 1
        let normals = relevant.map { point in
            // From importance factors only magnitudes are known: at a design point the normal is parallel to u.
            let norm = point.u.squaredNorm.squareRoot()
            return norm > 1e-9 ? point.u.map { $0 / norm } : point.importanceFactors.map { $0.squareRoot() }
        }
        let indices = relevant.map(\.reliabilityIndex.magnitude)
        let masses = indices.map { ElementaryFunction.normalCDF(-$0) }
        let total = masses.reduce(0, +)
        var union = total
        if relevant.count > 1 {
            let d = nearest.u.count
            var sum = 0.0, weight = 0.0, next: UInt64 = 0
            for (k, mass) in masses.enumerated() {
                let count = max(1, Int((mass / total * Double(draws)).rounded()))
                var inner = 0.0
                for _ in 0..<count {
                    try stop.look()
                    var u = NormalDistribution.standard.draws(d, from: philox, at: next * UInt64(d))
                    let uniform = UniformDistribution.standard.draw(from: philox.adding(1), at: next)
                    next += 1
                    let along = -NormalDistribution.standard.quantile(uniform * mass)
                    let shift = along - zip(u, normals[k]).reduce(0) { $0 + $1.0 * $1.1 }
                    for j in 0..<d { u[j] += shift * normals[k][j] }
                    var holds = 0.0
                    for (normal, index) in zip(normals, indices)
                    where zip(u, normal).reduce(0, { $0 + $1.0 * $1.1 }) >= index - 1e-12 { holds += 1 }
                    inner += 1 / max(holds, 1)
                }
                sum += mass * inner / Double(count)
                weight += mass
            }
            union = sum
        }
        return sign > 0 ? union : 1 - union
    }
}
