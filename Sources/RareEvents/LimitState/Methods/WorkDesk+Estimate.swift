import Statistics

extension WorkDesk {
    /// The answer, by the method that is asked for, beside the exact value where there is one.
    func estimate() async throws -> LimitStateReport {
        let exact = wantsExact ? try await exactProbability() : nil
        let isUnsettled = wantsExact && exact == nil && problem.inputs.count <= 2
        var report =
            switch specification.method {
            case .naive: try await naive()
            case .form: try await form()
            case .importance: try await importance()
            case .crossEntropy: try await crossEntropy()
            case .subset: try await subset()
            case .directional: try await directional()
            case .auto: try await automatic()
            }
        for k in shards.indices where report.shards.indices.contains(k) {
            complete(&report.shards[k], exact, isUnsettled)
            report.shards[k].moments = shards[k]
        }
        complete(&report, exact, isUnsettled)
        report.moments = moments
        return report
    }

    /// Compares with the exact value.
    private func complete(_ report: inout LimitStateReport, _ given: Double?, _ isUnsettled: Bool) {
        var exact = given, isUnsettled = isUnsettled
        // Draws in the event show that quadrature has overlooked it.
        if exact == 0, report.hits > 0 || report.estimate.value > 0 {
            exact = nil
            isUnsettled = true
        }
        report.exact = exact
        if isUnsettled { report.warnings.append(.noExactValue) }
        if let exact, let z = report.zScore, z.magnitude > 4,
            let interval = report.confidenceInterval, exact < interval.lower || exact > interval.upper
        {
            report.warnings.append(.contradictsExact(exact))
        }
    }
}
