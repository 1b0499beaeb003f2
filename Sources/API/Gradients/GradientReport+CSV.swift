import GradientEstimation

extension GradientReport {
    /// A line for each point of each trace.
    var csv: CSVWriter {
        let names = [
            "estimator", "iteration", "mu", "sigma", "gradient_variance_mu", "gradient_variance_tau",
        ]
        // All traces have the same points.
        let points = estimators.first?.trace.count ?? 0
        return CSVWriter(names, rows: points * estimators.count) { [estimators] index, row in
            let estimator = estimators[index / points], trace = estimator.trace, k = index % points
            row.append(text: estimator.estimator.rawValue)
            row.append(trace.iterations[k])
            row.append(trace.mu[k])
            row.append(trace.sigma[k])
            row.append(trace.gradientVariance.mu[k])
            row.append(trace.gradientVariance.tau[k])
        }
    }
}
