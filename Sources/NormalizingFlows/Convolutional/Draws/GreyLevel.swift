/// What a density of dequantized images takes a grey level for.
///
/// Training spreads level l of 256 evenly over (l + u) / 256, 0 ≤ u < 1. A pixel v = l / 255 is put in the middle of its
/// level's interval, and what a draw makes of a pixel goes the same way back.
enum GreyLevel {
    static func spread(_ v: Float) -> Float { (255 * v + 0.5) / 256 }

    /// The derivative of `spread`.
    static let slope: Float = 255 / 256

    /// The reverse: half an interval at each end lies beyond 0…1.
    static func pixel(_ x: Float) -> Float { (256 * x - 0.5) / 255 }

    static func held(_ v: Float) -> Float { v < 0 ? 0 : v > 1 ? 1 : v }
}
