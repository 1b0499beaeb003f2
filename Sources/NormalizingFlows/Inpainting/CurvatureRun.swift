import Statistics

/// How curved a model's log-density is along each pixel, a piece at a time: E[(∂ log p/∂x_k)²] over draws of the model,
/// which for a smooth density equals E[−∂² log p/∂x_k²]. From 256 draws under a fixed seed, clamped to 0…1.
public struct CurvatureRun: Sendable {
    public static let draws = 256

    private var count = 0
    private var sums: [Double]

    /// c_k, at least 1, of each pixel in order, once all draws have been made: a density of a smaller curvature is flat on
    /// 0…1 anyway.
    public private(set) var result: [Float]?

    public init(dimension: Int) { sums = Array(repeating: 0, count: dimension) }

    /// Makes one draw and evaluates the gradient there.
    ///
    /// - Throws: `NonFiniteValue` where the model makes such a number on the way.
    public mutating func advance(
        _ model: any FlowModel, in workspace: any FlowWorkspace
    ) throws(NonFiniteValue) {
        guard result == nil else { return }
        let image = try model.sample(UInt64(count), temperature: 1, in: workspace, using: Philox(seed: 0))
        workspace.differentiate(image)
        for (k, g) in try workspace.finiteGradient().enumerated() { sums[k] += Double(g) * Double(g) }
        count += 1
        if count == Self.draws { result = sums.map { max(1, Float($0 / Double(Self.draws))) } }
    }
}
