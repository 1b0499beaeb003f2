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
        report.exact = exact
        report.moments = moments
        if isUnsettled { report.warnings.append(.noExactValue) }
        if let exact, let z = report.zScore, z.magnitude > 4,
            let interval = report.confidenceInterval, exact < interval.lower || exact > interval.upper
        {
            report.warnings.append(.contradictsExact(exact))
        }
        return report
    }
}
