import Statistics

extension NICE {
    /// A draw of the model, clamped to 0…1: latents are draws index·D … index·D + D − 1 of the
    /// standard logistic distribution, times `temperature`. D pixels.
    ///
    /// - Throws: `NonFiniteValue` where a number on the way is not finite.
    public func sample(
        _ index: UInt64, temperature: Double, in workspace: NICEWorkspace,
        using randomness: Philox
    ) throws(NonFiniteValue) -> [Float] {
        let latent = LogisticDistribution.standard.draws(
            dimension, from: randomness, at: index * UInt64(dimension))
        let image = try decode(latent.map { Float(temperature * $0) }, in: workspace)
        return image.map { min(max($0, 0), 1) }
    }
}
