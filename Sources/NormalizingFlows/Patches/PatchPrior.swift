public import LinearAlgebra

/// A density of square patches of a picture.
public protocol PatchPrior: Sendable {
    /// Rows, and columns, of a patch.
    var side: Int { get }
    /// 1 for grey, 3 for red, green and blue.
    var channels: Int { get }

    /// What one thread needs.
    ///
    /// - Parameter capacity: patches at once.
    func makeEvaluator(capacity: Int) throws(OutOfMemory) -> any PatchEvaluator
}

extension PatchPrior {
    /// Numbers in a patch.
    public var dimension: Int { channels * side * side }
}

/// Evaluates a `PatchPrior`; one thread at a time uses it. What comes out for a patch depends on its own numbers alone.
public protocol PatchEvaluator: AnyObject {
    /// - Parameters:
    ///   - patches: (count, channels, side, side).
    ///   - logDensities: log p of each, in nats.
    ///   - gradients: of each log p with respect to its patch, of the same shape; nil where they are not wanted.
    func evaluate(
        _ patches: UnsafePointer<Float>, count: Int, logDensities: UnsafeMutablePointer<Double>,
        gradients: UnsafeMutablePointer<Float>?)
}
