import GradientEstimation

extension GradientReport {
    /// A line for each point of each trace.
    var csv: [UInt8] {
        var table = CSVWriter([
            "estimator", "iteration", "mu", "sigma", "gradient_variance_mu", "gradient_variance_tau",
        ])
        for estimator in estimators {
            let trace = estimator.trace
            for k in 0..<trace.count {
                table.append(text: estimator.estimator.rawValue)
                table.append(trace.iterations[k])
                table.append(trace.mu[k])
                table.append(trace.sigma[k])
                table.append(trace.gradientVariance.mu[k])
                table.append(trace.gradientVariance.tau[k])
                table.endLine()
            }
        }
        return table.bytes
    }
}
