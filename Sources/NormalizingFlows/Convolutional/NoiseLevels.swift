import Statistics

/// Standard deviations σ of Gaussian noise in pixels from 0 (black) to 1 (white). A model that is told σ is the density of
/// images with so much noise, for any σ of a range.
public struct NoiseLevels: Sendable, Hashable {
    public let minimum, maximum: Double

    /// - Precondition: 0 < minimum ≤ maximum ≤ 1.
    public init(minimum: Double, maximum: Double) {
        precondition(minimum > 0 && minimum <= maximum && maximum <= 1)
        self.minimum = minimum
        self.maximum = maximum
    }

    /// What a network sees of σ: with ℓ = ½ log(255 σ) the numbers ℓ, ℓ²/2 and ℓ³/6.
    static let features = 3

    static func features(of level: Double) -> (Float, Float, Float) {
        let l = 0.5 * ElementaryFunction.log(255 * level)
        return (Float(l), Float(l * l / 2), Float(l * l * l / 6))
    }

    /// The level at a place from 0 to 1 between the ends, of which the logarithm is even.
    package func level(at place: Double) -> Double {
        let low = ElementaryFunction.log(minimum), high = ElementaryFunction.log(maximum)
        return min(max(ElementaryFunction.exp(low + place * (high - low)), minimum), maximum)
    }
}
