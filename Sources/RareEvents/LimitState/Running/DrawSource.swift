import Statistics

/// Numbered draws of standard normal space from some density, each a pure function of its number.
protocol DrawSource: Sendable {
    /// Writes draws `first` … by variable, (dimension, stride), and log φ(u)/q(u) of each; and, of that density q, the
    /// share of its wide part.
    func fill(
        _ u: UnsafeMutablePointer<Double>, stride: Int, logWeights: UnsafeMutablePointer<Double>,
        wideShares: UnsafeMutablePointer<Double>, first: UInt64, count: Int)
    /// About how long a draw takes beyond its evaluation, in nanoseconds.
    var cost: Int { get }
    /// Whether all weights are 1.
    var isNaive: Bool { get }
}

/// The inputs as they are.
struct NaiveDraws: DrawSource {
    let dimension: Int
    let philox: Philox

    func fill(
        _ u: UnsafeMutablePointer<Double>, stride: Int, logWeights: UnsafeMutablePointer<Double>,
        wideShares: UnsafeMutablePointer<Double>, first: UInt64, count: Int
    ) {
        for j in 0..<dimension {
            NormalDistribution.standard.fill(
                UnsafeMutableBufferPointer(start: u + j * stride, count: count), from: philox.adding(j), at: first)
        }
        logWeights.update(repeating: 0, count: count)
        wideShares.update(repeating: 0, count: count)
    }

    var cost: Int { 4 * dimension }
    var isNaive: Bool { true }
}

extension Philox {
    /// The stream that is so many further on.
    func adding(_ j: Int) -> Philox { Philox(seed: seed, stream: stream &+ UInt64(truncatingIfNeeded: j)) }
}

/// What draws came to.
struct SampledDraws: Sendable {
    var draws: UInt64 = 0
    var hits: UInt64 = 0
    /// Of the hits, log φ/q; empty for naive draws.
    var logWeights: [Double] = []
    /// Σ over the hits of weight · wide share is formed from these; empty for naive draws.
    var wideShares: [Double] = []
    /// Where the hits are, if kept.
    var points: [Double] = []
    /// The first draws, if kept.
    var sample: [LimitStateReport.Draw] = []
    /// Least and largest margin.
    var lowest = Double.infinity
    var highest = -Double.infinity

    mutating func append(_ other: SampledDraws) {
        draws += other.draws
        hits += other.hits
        logWeights += other.logWeights
        wideShares += other.wideShares
        points += other.points
        sample += other.sample
        lowest = min(lowest, other.lowest)
        highest = max(highest, other.highest)
    }
}

extension LimitStateProblem {
    func sample(
        _ source: any DrawSource, _ range: Range<UInt64>, keeping kept: LimitStateUnit.Kept,
        _ stop: StopCheck
    ) throws -> SampledDraws {
        let width = blockWidth
        let block = EvaluationBlock(self, width: width, gradient: false)
        var result = SampledDraws()
        var logWeights = [Double](repeating: 0, count: width), wideShares = logWeights
        var first = range.lowerBound
        while first < range.upperBound {
            try stop.look()
            let count = Int(min(UInt64(width), range.upperBound - first))
            logWeights.withUnsafeMutableBufferPointer { weights in
                wideShares.withUnsafeMutableBufferPointer { shares in
                    guard let weights = weights.baseAddress, let shares = shares.baseAddress else { return }
                    source.fill(
                        block.u, stride: width, logWeights: weights, wideShares: shares, first: first, count: count)
                }
            }
            block.evaluate(count)
            try block.requireNumbers(count)
            result.draws += UInt64(count)
            for i in 0..<count {
                let margin = block.margins[i], isHit = margin <= 0
                result.lowest = min(result.lowest, margin)
                result.highest = max(result.highest, margin)
                if isHit {
                    result.hits += 1
                    if !source.isNaive {
                        result.logWeights.append(logWeights[i])
                        result.wideShares.append(wideShares[i])
                    }
                    if kept.hits { for j in 0..<inputs.count { result.points.append(block.u[j * width + i]) } }
                }
                if first + UInt64(i) < kept.sampleBelow {
                    result.sample.append(
                        LimitStateReport.Draw(
                            x: block.x(i), value: block.value(i), weight: ElementaryFunction.exp(logWeights[i]),
                            isHit: isHit))
                }
            }
            first += UInt64(count)
        }
        return result
    }
}

extension WorkDesk {
    /// So many draws of a source, counted and merged in order.
    func sample(
        _ source: any DrawSource, _ range: Range<UInt64>, keeping kept: LimitStateUnit.Kept = .init()
    ) async throws -> SampledDraws {
        let size = UInt64(max(8, min(problem.pointsPerUnit(gradient: false), 1_000_000 / max(source.cost, 1))))
        var total = SampledDraws()
        var first = range.lowerBound
        // A bounded number of units at a time.
        while first < range.upperBound {
            var work: [LimitStateUnit.Work] = []
            while first < range.upperBound, work.count < 256 {
                let end = min(first + size, range.upperBound)
                work.append(.sample(source, first..<end, keeping: kept))
                first = end
            }
            for outcome in try await perform(work) {
                guard case .sampled(let draws) = outcome.result else { continue }
                total.append(draws)
                count(Int(draws.draws))
            }
        }
        return total
    }
}
