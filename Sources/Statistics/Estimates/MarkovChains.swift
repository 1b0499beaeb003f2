/// Draws of one number by several Markov chains that started apart: how far they can be trusted.
///
/// Each chain is split into halves, so that a chain that still drifts looks like two that disagree.
public struct MarkovChains: Sendable {
    /// The halves, of one length.
    private let halves: [[Double]]
    /// W, the mean of the variances within halves; nil for halves of fewer than two draws.
    private let within: Double?
    /// The variance of the halves' means.
    private let between: Double

    /// - Parameter chains: the draws of each in order. Of chains of different lengths the first draws count, as many
    ///   as the shortest has; of an odd number the one in the middle is left out.
    public init(_ chains: [[Double]]) {
        let length = chains.map(\.count).min() ?? 0, half = length / 2
        halves = chains.flatMap { [Array($0[..<half]), Array($0[(length - half)..<length])] }
        let moments = halves.map { RunningMoments($0.map { ($0, 1) }) }
        let variances = moments.compactMap(\.variance)
        within = variances.isEmpty ? nil : variances.reduce(0, +) / Double(variances.count)
        between = RunningMoments(moments.map { ($0.mean, 1) }).variance ?? 0
    }

    /// Draws of each half.
    private var length: Double { Double(halves.first?.count ?? 0) }

    /// The variance that the draws would have if the chains had forgotten where they started, at least.
    private func pooledVariance(_ within: Double) -> Double { (length - 1) / length * within + between }

    /// Split-R̂ (Gelman and others, "Bayesian Data Analysis", 3rd edition, section 11.4): how much wider all draws
    /// together are than those of a half, as a ratio of deviations. Near 1 where the chains agree; above 1.05 they have
    /// not mixed. nil for fewer than four draws a chain, or draws that are all alike.
    public var splitRHat: Double? {
        guard let within, within > 0 else { return nil }
        return (pooledVariance(within) / within).squareRoot()
    }

    /// How many independent draws would give the mean as small an error (the same, section 11.5), with
    /// Geyer's initial monotone sequence (Geyer, "Practical Markov chain Monte Carlo", 1992, section 3.3). nil as for
    /// `splitRHat`. At most the number of draws times its decimal logarithm, which draws that alternate can exceed.
    public var effectiveSampleSize: Double? {
        guard let within, within > 0, let count = halves.first?.count else { return nil }
        let pooled = pooledVariance(within), total = Double(count * halves.count)
        let centred = halves.map { half in
            let mean = half.reduce(0, +) / length
            return half.map { $0 - mean }
        }
        /// The autocorrelation at a lag.
        func correlation(_ lag: Int) -> Double {
            var sum = 0.0
            for half in centred {
                for t in 0..<count - lag { sum += half[t] * half[t + lag] }
            }
            // Divided by `count` rather than by the number of products, as the autocovariance is.
            let covariance = sum / (length * Double(centred.count))
            return 1 - (within * (length - 1) / length - covariance) / pooled
        }
        // Sums of neighbouring autocorrelations are positive and fall, for a reversible chain.
        var time = -1.0, last = Double.infinity, lag = 0
        while lag + 1 < count {
            let pair = (lag == 0 ? 1 : correlation(lag)) + correlation(lag + 1)
            guard pair > 0 else { break }
            last = min(last, pair)
            time += 2 * last
            lag += 2
        }
        let most = total * max(1, ElementaryFunction.log(total) / ElementaryFunction.log(10))
        return time > 0 ? min(total / time, most) : most
    }
}
