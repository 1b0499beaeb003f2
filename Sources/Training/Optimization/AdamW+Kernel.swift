import CKernels

extension AdamW.Step {
    /// Moves `count` weights, their moments and their average, element by element.
    ///
    /// - Parameters:
    ///   - gradient: nil is 0.
    ///   - decays: whether weight decay applies.
    package func apply(
        gradient: UnsafePointer<Float>?, to weights: UnsafeMutablePointer<Float>,
        first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
        average: UnsafeMutablePointer<Float>?, count: Int, decays: Bool
    ) {
        var step = ck_adam_step(
            gradient_factor: gradientFactor, first_decay: firstDecay, first_share: firstShare,
            second_decay: secondDecay, second_share: secondShare, step: rate, second_factor: secondFactor,
            epsilon: epsilon, retained: decays ? retained : 1, average_share: averageShare)
        ck_adam(ck_selected(), &step, gradient, weights, first, second, average, count)
    }
}
