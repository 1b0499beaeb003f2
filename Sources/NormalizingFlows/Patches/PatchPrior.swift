public import LinearAlgebra

/// A density of square grey patches with Gaussian noise, for any level of it.
public protocol PatchPrior: Sendable {
    /// Rows, and columns, of a patch.
    var side: Int { get }

    /// What one thread needs.
    ///
    /// - Parameter capacity: patches at once.
    func makeEvaluator(capacity: Int) throws(OutOfMemory) -> any PatchEvaluator
}

/// Evaluates a `PatchPrior`; one thread at a time uses it. What comes out for a patch depends on its own numbers and the
/// level of noise alone.
public protocol PatchEvaluator: AnyObject {
    /// - Parameters:
    ///   - patches: (count, side, side).
    ///   - noise: σ.
    ///   - logDensities: log p_σ of each, in nats.
    ///   - gradients: of each log p_σ with respect to its patch, of the same shape; nil where they are not wanted.
    func evaluate(
        _ patches: UnsafePointer<Float>, count: Int, noise: Double, logDensities: UnsafeMutablePointer<Double>,
        gradients: UnsafeMutablePointer<Float>?)
}
