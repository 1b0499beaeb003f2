import Statistics

extension ExponentialTilt {
    /// The tilt that brings the goal within reach: the larger of the one whose drift gets
    /// there in all the games allowed, and Siegmund's, ψ(θ) = 0 (the best where games are
    /// unlimited; for stakes of one it swaps p and 1 − p). Never below 0.
    static func reaching(_ ruin: GamblersRuin) -> ExponentialTilt {
        guard ruin.isReachable, ruin.outcomes.count > 1 else { return .none }
        let largest = Double(ruin.largestWin), drift = ruin.drift
        let needed = Double(ruin.goal - ruin.start) / Double(ruin.maximumGames)
        // A drift equal to the largest win would need an infinite tilt.
        let target = min(needed, drift + 0.98 * (largest - drift))
        func enough(_ theta: Double) -> Bool {
            let tilt = ExponentialTilt(parameter: theta, of: ruin)
            return tilt.cumulant >= 0 && tilt.gainMoments(of: ruin).mean >= target
        }
        if drift >= max(0, target) { return .none }
        var low = 0.0, high = 1 / largest
        // From 2^-50 to where the rarest win of all is likely.
        for _ in 0..<100 where !enough(high) { (low, high) = (high, high * 2) }
        guard enough(high) else { return .none }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if enough(middle) { high = middle } else { low = middle }
        }
        return ExponentialTilt(parameter: high, of: ruin)
    }

    /// The game as it is, with its own probabilities.
    static func unchanged(_ ruin: GamblersRuin) -> ExponentialTilt {
        ExponentialTilt(parameter: 0, cumulant: 0, winProbability: ruin.winProbability)
    }

    /// Σ W·gain / Σ W·games over the hits: the drift of the tilt closest to the law of the
    /// walks that hit. `nil` without hits.
    fileprivate func weightedDrift(of moments: RuinMoments, start: Int64) -> Double? {
        guard case .counts(let hits) = moments.hits, !hits.isEmpty else { return nil }
        let logWeights = hits.map { logWeight(of: $0.event, start: start) }
        let largest = logWeights.max() ?? 0
        var gain = 0.0, games = 0.0
        for (hit, logWeight) in zip(hits, logWeights) {
            let weight = Double(hit.count) * ElementaryFunction.exp(logWeight - largest)
            gain += weight * Double(hit.event.position - start)
            games += weight * Double(hit.event.games)
        }
        return gain / games
    }

    /// The tilt of this drift; `nil` where no game has it.
    fileprivate static func withDrift(_ drift: Double, _ ruin: GamblersRuin) -> ExponentialTilt? {
        let outcomes = ruin.outcomes
        guard drift > Double(outcomes.first!.amount), drift < Double(outcomes.last!.amount) else { return nil }
        func mean(_ theta: Double) -> Double {
            ExponentialTilt(parameter: theta, of: ruin).gainMoments(of: ruin).mean
        }
        var high = 1 / Double(ruin.largestWin), low = -high
        for _ in 0..<60 where mean(high) < drift { high *= 2 }
        for _ in 0..<60 where mean(low) > drift { low *= 2 }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if mean(middle) < drift { low = middle } else { high = middle }
        }
        return ExponentialTilt(parameter: high, of: ruin)
    }

    /// To six digits, which a reader can type again: of q where the stakes are ±1, of θ else.
    func rounded(of ruin: GamblersRuin) -> ExponentialTilt {
        if ruin.winProbability != nil {
            let q = probabilities(of: ruin)[1]
            return (try? ExponentialTilt(winProbability: Self.rounded(q), of: ruin)) ?? self
        }
        guard parameter.magnitude > 1e-200 else { return self }
        var scale = 1.0
        while (parameter * scale).magnitude < 1e5 { scale *= 10 }
        return ExponentialTilt(parameter: (parameter * scale).rounded() / scale, of: ruin)
    }

    /// Six decimals, or four digits of what is near 0 or 1.
    private static func rounded(_ q: Double) -> Double {
        let rarer = min(q, 1 - q)
        if rarer >= 1e-3 { return (q * 1e6).rounded() / 1e6 }
        var scale = 1.0
        while rarer * scale < 1e3 && scale < 1e300 { scale *= 10 }
        let short = (rarer * scale).rounded() / scale
        return min(max(q <= 0.5 ? short : 1 - short, .leastNonzeroMagnitude), 1.0.nextDown)
    }
}

/// Finds the tilt that importance sampling uses where none is asked for, in time slices. It never
/// depends on the draws that it will weigh.
///
/// - Where the exact law is known, the one of least variance.
/// - Beyond, `reaching`, refined by the cross-entropy method (Rubinstein, Kroese, "The
///   cross-entropy method", 2004) on pilot draws of its own streams.
struct TiltChoice: Sendable {
    private let ruin: GamblersRuin
    private let exact: ExactRuin?
    private let seed: UInt64
    /// The best tilt so far.
    private var tilt: ExponentialTilt
    private var minimization: SecondMoment.Minimization?
    /// Pilot draws under `tilt`, and the number of their round.
    private var walks: (any Walks)?
    private var round: UInt64 = 0
    /// Most games of a round.
    private static let pilotGames: UInt64 = 1 << 31
    private static let rounds: UInt64 = 3

    init(_ ruin: GamblersRuin, exact: ExactRuin?, seed: UInt64) {
        self.ruin = ruin
        self.exact = exact
        self.seed = seed
        tilt = .unchanged(ruin)
        guard ruin.isReachable else { return }
        if let exact, let moment = SecondMoment(exact, of: ruin) {
            minimization = SecondMoment.Minimization(moment)
        } else {
            tilt = ExponentialTilt.reaching(ruin).rounded(of: ruin)
            beginRound()
        }
    }

    /// Works for about a millisecond; with an exact law of the largest size, 10 ms.
    ///
    /// - Returns: the tilt, once it is found.
    mutating func advance() -> ExponentialTilt? {
        if let moment = minimization?.moment {
            guard let least = minimization?.advance()?.rounded(of: ruin) else { return nil }
            // Where the goal is nearly sure, the digits that rounding takes are what matters.
            let gain = exact.flatMap { moment.varianceReduction(under: least, $0) } ?? 1
            return gain < 1 ? tilt : least
        }
        guard walks != nil else { return tilt }
        guard let moments = walks?.advance() else { return nil }
        walks = nil
        guard let drift = tilt.weightedDrift(of: moments, start: ruin.start),
            let better = ExponentialTilt.withDrift(drift, ruin)
        else { return tilt }
        tilt = better.rounded(of: ruin)
        beginRound()
        return walks == nil ? tilt : nil
    }

    private mutating func beginRound() {
        let gamblers = min(4096, Self.pilotGames / ruin.maximumGames)
        guard gamblers >= 64, round < Self.rounds else { return }
        round += 1
        walks = ImportanceSampler(ruin, tilt: tilt)
            .walks(of: 0..<gamblers, seed: seed, firstStream: round << 48)
    }
}
