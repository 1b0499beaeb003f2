import Projections

/// How projected gradient ascent moves: one step from x with ∇ log p(x) known.
///
/// A rule is a value and belongs to one image: each image has its own method, step and random
/// numbers.
public protocol AscentRule: Sendable {
    /// Whether the answer is the best point met, rather than the last.
    var keepsBest: Bool { get }

    /// x ← the next point, inside `constraints`.
    ///
    /// - Parameters:
    ///   - x: D pixels.
    ///   - iteration: i, from 0.
    ///   - gradient: ∇ log p(x), in pixel order.
    mutating func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>)
}

/// x ← Π_C(x + α ∇ log p(x)) with α constant.
public struct ConstantStep: AscentRule {
    public let stepSize: Float
    public var keepsBest: Bool { false }

    public init(stepSize: Float) { self.stepSize = stepSize }

    public func step(
        _ x: inout [Float], gradient: [Float], iteration: Int, constraints: Box<Float>
    ) {
        for k in x.indices { x[k] = x[k].addingProduct(stepSize, gradient[k]) }
        constraints.project(&x)
    }
}
