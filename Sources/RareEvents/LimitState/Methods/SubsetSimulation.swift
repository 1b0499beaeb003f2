import Statistics

/// Subset simulation (Au, Beck, "Estimation of small failure probabilities in high dimensions by subset simulation",
/// Probabilistic Engineering Mechanics 2001), with the adaptive conditional sampling of Papaioannou, Betz, Zwirglmaier, Straub
/// ("MCMC algorithms for subset simulation", 2015): a probability as a product of about tenths, each from Markov chains that
/// start where the last level's threshold was passed.
struct SubsetSimulation: Sendable {
    /// What one run came to.
    struct Result: Sendable {
        /// 0 where the event was not reached.
        var probability = 0.0
        var levels = 0
        /// Of the last level, those in the event.
        var hits: Points
        /// √Σ δ²: what the levels' binomial spread and their chains' correlation come to, roughly.
        var relativeError = 0.0
    }

    /// Samples of a level.
    let size: Int
    /// The share of a level that starts the next.
    static let levelProbability = 0.1
    private static let mostLevels = 60

    /// One run, with random streams of its own.
    ///
    /// - Parameter first: points drawn from the inputs with their margins: the first level; nil has them drawn.
    /// - Parameter most: at most so many evaluations, of which the first level takes `size`.
    func run(
        _ desk: WorkDesk, first: (points: Points, margins: [Double])? = nil, most: UInt64
    ) async throws -> Result {
        let d = desk.problem.inputs.count, before = desk.evaluations
        let philox = Philox(seed: desk.specification.seed, stream: desk.takeStreams())
        var step: UInt64 = 1
        var points: Points, margins: [Double]
        if let first {
            (points, margins) = first
        } else {
            points = Points(dimension: d, try desk.normals(size * d, from: philox))
            margins = try await desk.margins(at: points)
        }
        var result = Result(hits: Points(dimension: d))
        var logProbability = 0.0, variance = 0.0, last = Double.infinity
        for level in 0..<Self.mostLevels {
            result.levels = level + 1
            let n = margins.count, sorted = margins.sorted()
            let quantile = sorted[min(n - 1, Int(Double(n) * Self.levelProbability))]
            let threshold = max(quantile, 0)
            let chosen = margins.indices.filter { margins[$0] <= threshold }
            let share = Double(chosen.count) / Double(n)
            // Thresholds that do not fall lead nowhere: what is in the event by chance is all there is.
            let isStuck = threshold > 0 && (threshold >= last || share >= 0.95)
            let isSpent = desk.evaluations - before + UInt64(size) > most
            if threshold == 0 || isStuck || isSpent {
                let hits = margins.indices.filter { margins[$0] <= 0 }
                guard !hits.isEmpty else { return result }
                let part = Double(hits.count) / Double(n)
                result.probability = ElementaryFunction.exp(logProbability) * part
                result.hits = points.selected(hits)
                result.relativeError = (variance + (1 - part) / (part * Double(n)) * (level == 0 ? 1 : 4)).squareRoot()
                return result
            }
            logProbability += ElementaryFunction.log(share)
            variance += (1 - share) / (share * Double(n)) * (level == 0 ? 1 : 4)
            last = threshold
            (points, margins) = try await conditional(
                desk, seeds: points.selected(chosen), margins: chosen.map { margins[$0] }, threshold: threshold,
                count: size,
                philox: philox, step: &step)
        }
        return result
    }

    /// How far candidates go, by variable: each one's spread among the seeds. In many variables a few dozen seeds say little of a single
    /// one's spread, and steps that follow it keep whichever variables happen to be alike where they are: then the samples stray from
    /// their distribution, in 200 variables by factors. There all variables share the root mean square.
    private static func spreads(of seeds: Points) -> [Double] {
        let d = seeds.dimension
        var variances = [Double](repeating: 1, count: d)
        for j in 0..<d {
            var moments = RunningMoments()
            for i in 0..<seeds.count { moments.add(seeds.coordinates[i * d + j]) }
            variances[j] = moments.variance ?? 1
        }
        if d > MixtureFit.mostFullDimensions {
            variances = [Double](repeating: variances.reduce(0, +) / Double(d), count: d)
        }
        return variances.map { min(max($0.squareRoot(), 0.05), 1) }
    }

    /// `count` samples of the inputs given a margin of at most `threshold`: chains from seeds that are some already.
    func conditional(
        _ desk: WorkDesk, seeds: Points, margins seedMargins: [Double], threshold: Double, count: Int, philox: Philox,
        step: inout UInt64
    ) async throws -> (Points, [Double]) {
        let d = seeds.dimension, chains = seeds.count
        var current = seeds, currentMargins = seedMargins
        var points = seeds, margins = seedMargins
        if points.count > count {
            points = Points(dimension: d, Array(points.coordinates[..<(count * d)]))
            margins = Array(margins[..<count])
        }
        let spreads = Self.spreads(of: seeds)
        var scale = 0.6, moves = 0.0
        while points.count < count {
            let active = min(chains, count - points.count)
            let noise = try desk.normals(active * d, from: philox.adding(Int(step & 0xff_ffff)))
            step += 1
            var candidates = Points(dimension: d)
            candidates.coordinates.reserveCapacity(active * d)
            for i in 0..<active {
                for j in 0..<d {
                    let sigma = min(scale * spreads[j], 1), rho = (1 - sigma * sigma).squareRoot()
                    candidates.coordinates.append(rho * current.coordinates[i * d + j] + sigma * noise[i * d + j])
                }
            }
            let found = try await desk.margins(at: candidates)
            var accepted = 0
            for i in 0..<active where found[i] <= threshold {
                accepted += 1
                currentMargins[i] = found[i]
                for j in 0..<d { current.coordinates[i * d + j] = candidates.coordinates[i * d + j] }
            }
            points.coordinates += current.coordinates[..<(active * d)]
            margins += currentMargins[..<active]
            moves += 1
            let rate = Double(accepted) / Double(active)
            scale = min(max(scale * ElementaryFunction.exp((rate - 0.44) / moves.squareRoot()), 0.02), 20)
        }
        return (points, margins)
    }
}
