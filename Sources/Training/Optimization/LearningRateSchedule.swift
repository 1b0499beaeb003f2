import Statistics

/// How large the steps are: a linear rise, then half a cosine (Loshchilov, Hutter, "SGDR", ICLR 2017).
public struct LearningRateSchedule: Sendable, Hashable {
    /// The largest rate, and the one at the end.
    public let peak, final: Double
    /// Steps of the rise, and steps in all.
    public let warmUp, steps: Int

    public init(peak: Double, final: Double, warmUp: Int, steps: Int) {
        precondition(warmUp >= 0 && steps >= 0)
        self.peak = peak
        self.final = final
        self.warmUp = warmUp
        self.steps = steps
    }

    /// The rate of a step, counted from 0: peak · (step + 1) / warmUp while it rises, then
    /// final + ½ (peak − final) (1 + cos(π · share of the rest that is over)).
    public func rate(at step: Int) -> Double {
        if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
        let rest = max(steps - warmUp, 1)
        let share = min(Double(step - warmUp) / Double(rest), 1)
        return final + 0.5 * (peak - final) * (1 + ElementaryFunction.cos(share * .pi))
    }
}
