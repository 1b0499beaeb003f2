/// What a density of dequantized images takes a grey level for.
///
/// Training spreads level l of 256 evenly over (l + u) / 256, 0 ≤ u < 1. A pixel v = l / 255 is put in the middle of its
/// level's interval, and what a draw makes of a pixel goes the same way back.
enum GreyLevel {
    static func spread(_ v: Float) -> Float { (255 * v + 0.5) / 256 }

    /// The reverse, held to 0…1: half an interval at each end lies beyond.
    static func pixel(_ x: Float) -> Float {
        let v = (256 * x - 0.5) / 255
        return v < 0 ? 0 : v > 1 ? 1 : v
    }
}
