import Statistics

/// The exact distribution of when, and where, the gambler reaches the goal.
///
/// Forward dynamic programming: f_t(x) is the probability that the gambler still plays
/// after t games and then owns x. Every step adds products of non-negative numbers, so
/// nothing cancels and each probability keeps the digits of t additions.
struct HittingLaw: Sendable {
    /// P(event) = masses[(games − 1)·positions.count + i], position = positions[i], for a
    /// gambler tilted so.
    let masses: [Double]
    /// The fortunes that a game can end at from the goal on, ascending.
    let positions: [Int64]
    let start: Int64
    /// Whether all games allowed were played, or the gamblers died out. Else those still
    /// playing would not have changed the last bit of the sum of the masses.
    let isComplete: Bool
    /// The tilt under which the masses were found; none unless they underflowed without.
    let tilt: ExponentialTilt

    /// Whether all of the mass is in one event.
    var hasOneEvent: Bool { isComplete && masses.lazy.filter { $0 > 0 }.prefix(2).count < 2 }

    /// The events of positive mass in ascending order, each with the logarithm of its
    /// probability for an untilted gambler.
    func logProbabilities() -> [(event: HittingEvent, logProbability: Double)] {
        masses.indices.filter { masses[$0] > 0 }.map { index in
            let event = HittingEvent(
                games: UInt64(index / positions.count) + 1, position: positions[index % positions.count])
            return (event, ScalarFunctions.log(masses[index]) + tilt.logWeight(of: event, start: start))
        }
    }
}
