/// The point at which a tail has a given probability, for distributions whose quantile has no closed form.
enum TailQuantile {
    /// Solves log tail(y) = log p for y in an interval, by Newton's method kept inside a bracket that it shrinks; to within
    /// rounding, in at most 200 steps.
    ///
    /// - Parameters:
    ///   - tail: the tail's probability at y, monotone, and the magnitude of its derivative.
    ///   - increasing: whether it grows with y.
    static func solve(
        _ p: Double, from start: Double, in range: ClosedRange<Double>, increasing: Bool,
        tail: (Double) -> (probability: Double, slope: Double)
    ) -> Double {
        var low = range.lowerBound, high = range.upperBound
        var y = start > low && start < high ? start : low + (high - low) / 2
        let target = ElementaryFunction.log(p)
        var last = Double.infinity
        for _ in 0..<200 {
            let (probability, slope) = tail(y)
            if probability == p { return y }
            if (probability < p) == increasing { low = y } else { high = y }
            // Newton's step for the logarithm, which is nearly linear far out.
            var step = (target - ElementaryFunction.log(probability)) * probability / (increasing ? slope : -slope)
            if !(y + step > low && y + step < high) || !(step.magnitude < last) { step = low + (high - low) / 2 - y }
            let next = y + step
            if next == y || step.magnitude <= 0x1p-53 * y.magnitude || !(high - low > 0) { return next }
            last = step.magnitude * 0.9
            if low.nextUp >= high { return high }
            y = next
        }
        return y
    }
}
