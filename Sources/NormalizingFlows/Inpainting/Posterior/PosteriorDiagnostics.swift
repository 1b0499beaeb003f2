import Statistics

/// How far the draws of a `PosteriorRun` can be trusted.
public struct PosteriorDiagnostics: Sendable {
    /// R̂ above which chains have not mixed (Vehtari and others, "Rank-normalization, folding, and localization: an
    /// improved R̂", 2021, ask for 1.01 where figures are published; 1.05 where a picture is looked at).
    public static let largestRHat = 1.05

    /// Of log p.
    public let logLikelihood: Figures
    /// The worst of the missing pixels, and the one in the middle; nil where nothing can be told.
    public let worstPixel, medianPixel: Figures

    public struct Figures: Sendable {
        /// Split-R̂.
        public var rHat: Double?
        /// Effective draws.
        public var effectiveSampleSize: Double?
    }

    public init(of run: PosteriorRun) {
        func figures(_ chains: MarkovChains) -> Figures {
            Figures(rHat: chains.splitRHat, effectiveSampleSize: chains.effectiveSampleSize)
        }
        logLikelihood = figures(run.logLikelihoodChains)
        // A pixel of which all draws are alike, as at a digit's black border, says nothing.
        let pixels = run.specification.gaussian.missing.indices.map { figures(run.pixelChains($0)) }
        let rHats = pixels.compactMap(\.rHat).sorted(), sizes = pixels.compactMap(\.effectiveSampleSize).sorted()
        worstPixel = Figures(rHat: rHats.last, effectiveSampleSize: sizes.first)
        medianPixel = Figures(
            rHat: rHats.isEmpty ? nil : rHats[rHats.count / 2],
            effectiveSampleSize: sizes.isEmpty ? nil : sizes[sizes.count / 2])
    }
}
