import Statistics

/// The exact second moment of the weighted indicator under any tilt,
/// E_q[W²] = Σ P(event)·W(event), from the exact law of the events.
///
/// It is a log-sum-exp of convex functions of θ, so its logarithm is convex and Newton's
/// method finds the tilt of least variance.
package struct SecondMoment: Sendable {
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
        return (
            largest + ElementaryFunction.log(total), slope,
            second / total - slope * slope + variance * games / total
        )
    }

    /// Newton's method for the tilt of the least second moment, to about 1e-9 in θ, in time slices.
    struct Minimization: Sendable {
        let moment: SecondMoment
        private let longestStep: Double
        private var tilt: ExponentialTilt
        private var current: (value: Double, slope: Double, curvature: Double)
        private var iteration = 0
        /// The step to try next, halved while it leads up; nil before an iteration.
        private var step: Double?

        init(_ moment: SecondMoment) {
            self.moment = moment
            // A step changes no outcome's odds by more than e.
            let widest = Double(moment.ruin.largestWin) + Double(moment.ruin.largestLoss)
            longestStep = 1 / max(widest, 1)
            tilt = .reaching(moment.ruin)
            current = moment.logarithm(under: tilt)
        }

        /// Evaluates the second moment at one tilt: up to 10 ms in the largest games.
        ///
        /// - Returns: the tilt, once it is found.
        mutating func advance() -> ExponentialTilt? {
            var step: Double
            if let tried = self.step {
                step = tried
            } else {
                guard iteration < 100, current.curvature > 0 else { return tilt }
                iteration += 1
                step = min(max(-current.slope / current.curvature, -longestStep), longestStep)
            }
            let next = ExponentialTilt(parameter: tilt.parameter + step, of: moment.ruin)
            let value = moment.logarithm(under: next)
            step /= 2
            if value.value > current.value + 1e-12 && step.magnitude > 1e-12 * longestStep {
                self.step = step
                return nil
            }
            self.step = nil
            let moved = (next.parameter - tilt.parameter).magnitude
            (tilt, current) = (next, value)
            return moved < 1e-9 * longestStep ? tilt : nil
        }
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
