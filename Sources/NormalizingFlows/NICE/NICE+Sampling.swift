import Statistics

extension NICE {
    /// A draw of the model, clamped to 0…1: latents are draws index·D … index·D + D − 1 of the
    /// standard logistic distribution, times `temperature`. D pixels.
    public func sample(
        _ index: UInt64, temperature: Double, in workspace: NICEWorkspace,
        using randomness: Philox
    ) -> [Float] {
        var latent = [Double](repeating: 0, count: dimension)
        LogisticDistribution.standard.fill(
            &latent, from: index * UInt64(dimension), using: randomness)
        let image = decode(latent.map { Float(temperature * $0) }, in: workspace)
        return image.map { min(max($0, 0), 1) }
    }
}
