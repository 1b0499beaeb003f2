import Statistics

/// How missing pixels are moved.
public struct PatchAscentOptions: Sendable {
    /// Gradient evaluations; with none missing pixels stay where they start.
    public var iterations: Int
    /// From one patch of an iteration's grid to the next, in pixels; at most a patch's side.
    public var stride: Int
    /// σ of the first iteration and of the last; in between its logarithm falls evenly.
    public var noise: (first: Double, last: Double)
    /// Of the grids' offsets.
    public var seed: UInt64

    public init(
        iterations: Int = 100, stride: Int = 4, noise: (first: Double, last: Double) = (30 / 255.0, 1.5 / 255),
        seed: UInt64
    ) {
        self.iterations = iterations
        self.stride = stride
        self.noise = noise
        self.seed = seed
    }

    /// σ of an iteration.
    func noise(of iteration: Int) -> Double {
        guard iterations > 1, iteration < iterations - 1 else { return iterations > 1 ? noise.last : noise.first }
        let share = Double(iteration) / Double(iterations - 1)
        return noise.first
            * ElementaryFunction.exp(share * (ElementaryFunction.log(noise.last) - ElementaryFunction.log(noise.first)))
    }
}
