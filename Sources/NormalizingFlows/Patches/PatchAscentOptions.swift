/// How missing pixels are moved.
public struct PatchAscentOptions: Sendable {
    /// Gradient evaluations.
    public var iterations: Int
    /// From one patch of an iteration's grid to the next, in pixels; at most a patch's side.
    public var stride: Int
    /// The longest step of a pixel's channel, where black is 0 and white 1; it falls to 0 as a cosine over all iterations.
    public var rate: Float
    /// Of the grids' offsets.
    public var seed: UInt64

    public init(iterations: Int = 50, stride: Int = 4, rate: Float = 0.02, seed: UInt64) {
        self.iterations = iterations
        self.stride = stride
        self.rate = rate
        self.seed = seed
    }
}
