import CKernels

/// The affine coupling's map of single numbers, y = x e^a + t with a = 2 tanh(r / 2): a lies between −2 and 2, and is r
/// where that is small.
///
/// A mask has 1 for a number that is mapped and 0 for one that stays; nil: all are mapped.
public enum AffineMap {
    /// y ← the image of x, the map's log-scale (0 where the mask is) and its scale e^a.
    ///
    /// - Parameter y: may be x.
    public static func apply(
        logits: UnsafePointer<Float>, shifts: UnsafePointer<Float>, mask: UnsafePointer<Float>?,
        to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, logScale: UnsafeMutablePointer<Float>,
        scale: UnsafeMutablePointer<Float>, count: Int
    ) {
        ck_couple(instructionSet, logits, shifts, x, mask, logScale, scale, y, count)
    }

    /// x of y, in place, and the log-scale of the map from x to y.
    public static func undo(
        logits: UnsafePointer<Float>, shifts: UnsafePointer<Float>, mask: UnsafePointer<Float>?,
        on y: UnsafeMutablePointer<Float>, logScale: UnsafeMutablePointer<Float>, count: Int
    ) {
        ck_uncouple(instructionSet, logits, shifts, y, mask, logScale, y, count)
    }

    /// Back-propagation of what contains weight · Σ a.
    ///
    /// - Parameters:
    ///   - x: what was mapped.
    ///   - logScale, scale: as `apply` left them.
    ///   - slope: with respect to y; becomes that with respect to x.
    public static func differentiate(
        x: UnsafePointer<Float>, mask: UnsafePointer<Float>?, logScale: UnsafePointer<Float>,
        scale: UnsafePointer<Float>, weight: Float, slope: UnsafeMutablePointer<Float>,
        logitSlopes: UnsafeMutablePointer<Float>, shiftSlopes: UnsafeMutablePointer<Float>, count: Int
    ) {
        ck_couple_slopes(
            instructionSet, x, mask, logScale, scale, weight, slope, logitSlopes, shiftSlopes, count)
    }
}
