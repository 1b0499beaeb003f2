import Statistics

/// The exact second moment of the weighted indicator under any tilt,
/// E_q[W²] = Σ P(event)·W(event), from the exact law of the events.
///
/// It is a log-sum-exp of convex functions of θ, so its logarithm is convex and Newton's
/// method finds the tilt of least variance.
package struct SecondMoment {
    package let ruin: GamblersRuin
    private let terms: [(games: Double, gain: Double, logProbability: Double)]

    /// - Returns: `nil` where the goal cannot be reached, and where the law leaves out long
    ///   walks: too rare to matter for the probability, but their weights may be large.
    package init?(_ exact: ExactRuin, of ruin: GamblersRuin) {
        guard let law = exact.law, law.isComplete else { return nil }
        self.ruin = ruin
        terms = law.logProbabilities().map {
            (Double($0.event.games), Double($0.event.position - ruin.start), $0.logProbability)
        }
    }

    /// log E_q[W²] and its first two derivatives in θ.
    package func logarithm(under tilt: ExponentialTilt) -> (value: Double, slope: Double, curvature: Double) {
        let (mean, variance) = tilt.gainMoments(of: ruin)
        var largest = -Double.infinity
        for term in terms { largest = max(largest, exponent(term, tilt)) }
        var total = 0.0, first = 0.0, second = 0.0, games = 0.0
        for term in terms {
            let mass = ElementaryFunction.exp(exponent(term, tilt) - largest)
            let slope = term.games * mean - term.gain
            total += mass
            first += mass * slope
            second += mass * slope * slope
            games += mass * term.games
        }
        let slope = first / total
        return (largest + ElementaryFunction.log(total), slope,
                second / total - slope * slope + variance * games / total)
    }

    /// The tilt of the least second moment, to about 1e-9 in θ.
    func minimizingTilt(check: () throws -> Void) throws -> ExponentialTilt {
        // A step changes no outcome's odds by more than e.
        let widest = Double(ruin.largestWin) + Double(ruin.largestLoss)
        let longestStep = 1 / max(widest, 1)
        var tilt = ExponentialTilt.reaching(ruin)
        var current = logarithm(under: tilt)
        for _ in 0..<100 {
            try check()
            guard current.curvature > 0 else { break }
            var step = min(max(-current.slope / current.curvature, -longestStep), longestStep)
            var next = tilt, value = current
            repeat {
                try check()
                next = ExponentialTilt(parameter: tilt.parameter + step, of: ruin)
                value = logarithm(under: next)
                step /= 2
            } while value.value > current.value + 1e-12 && step.magnitude > 1e-12 * longestStep
            let moved = (next.parameter - tilt.parameter).magnitude
            tilt = next
            current = value
            if moved < 1e-9 * longestStep { break }
        }
        return tilt
    }

    private func exponent(
        _ term: (games: Double, gain: Double, logProbability: Double), _ tilt: ExponentialTilt
    ) -> Double {
        term.logProbability + term.games * tilt.cumulant - tilt.parameter * term.gain
    }
}

extension SecondMoment {
    /// P(1 − P) / (E_q[W²] − P²), from numbers relative to P² so that none underflows;
    /// `nil` where the tilt leaves no variance.
    func varianceReduction(under tilt: ExponentialTilt, _ exact: ExactRuin) -> Double? {
        let naive = ElementaryFunction.exp(-exact.logProbability) - 1
        let tilted = ElementaryFunction.expm1(logarithm(under: tilt).value - 2 * exact.logProbability)
        // Below the rounding of the dynamic programme there is nothing to compare.
        guard tilted > 1e-13, naive.isFinite else { return nil }
        let ratio = naive / tilted
        return ratio.isFinite ? ratio : nil
    }
}
