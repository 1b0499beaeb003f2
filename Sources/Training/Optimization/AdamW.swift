import Statistics

/// AdamW (Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2).
public struct AdamW: Sendable, Hashable {
    /// β₁ and β₂: how much of the moments remains in a step.
    public var firstDecay = 0.9
    public var secondDecay = 0.99
    public var epsilon = 1e-8
    /// λ: a step takes this share of the learning rate off each weight.
    public var weightDecay: Double
    /// The norm that a gradient is shortened to if it is longer.
    public var largestNorm: Double
    /// How much of the averaged weights remains in a step, once there have been many: in step t
    /// at most (1 + t) / (10 + t). 0 averages nothing.
    public var averageDecay: Double

    public init(weightDecay: Double, largestNorm: Double, averageDecay: Double) {
        self.weightDecay = weightDecay
        self.largestNorm = largestNorm
        self.averageDecay = averageDecay
    }

    /// The numbers of one step.
    package struct Step {
        package let gradientFactor: Float
        let firstDecay, firstShare, secondDecay, secondShare: Float
        let rate, secondFactor, epsilon: Float
        /// For tensors whose weights decay.
        let retained: Float
        package let averageShare: Float
    }

    /// - Parameters:
    ///   - index: the step, counted from 0.
    ///   - norm: the gradient's.
    package func step(_ index: Int, rate: Double, gradientNorm norm: Double) -> Step {
        let t = Double(index + 1)
        let first = 1 - ElementaryFunction.power(firstDecay, t), second = 1 - ElementaryFunction.power(secondDecay, t)
        let averageDecay = min(averageDecay, (1 + t) / (10 + t))
        return Step(
            gradientFactor: norm > largestNorm ? Float(largestNorm / norm) : 1,
            firstDecay: Float(firstDecay), firstShare: Float(1 - firstDecay), secondDecay: Float(secondDecay),
            secondShare: Float(1 - secondDecay), rate: Float(rate / first),
            secondFactor: Float(1 / second.squareRoot()), epsilon: Float(epsilon),
            retained: Float(1 - rate * weightDecay), averageShare: Float(1 - averageDecay))
    }
}
