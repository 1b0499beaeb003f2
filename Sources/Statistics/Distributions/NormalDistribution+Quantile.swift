extension NormalDistribution {
    /// The standard quantile by bisection to the last bit, on the side of 0 where the distribution
    /// function has its digits, for confidence intervals.
    package static func bisectedQuantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a probability lies between 0 and 1")
        if p > 0.5 { return -bisectedQuantile(1 - p) }
        var low = -39.0, high = 0.0
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return high }
            if ElementaryFunction.normalCDF(middle) < p { low = middle } else { high = middle }
        }
    }
}
