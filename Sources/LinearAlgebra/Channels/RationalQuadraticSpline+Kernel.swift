import CKernels

/// Monotonic rational-quadratic splines of single numbers, each followed by an affine map (Durkan, Bekasov, Murray,
/// Papamakarios, "Neural Spline Flows", 2019): y = v e^a + t with v the spline of x, which is x itself beyond ±bound.
///
/// What each spline is, the outputs of a network say, 3K + 1 for each number with K bins: a before its bound, t, K widths,
/// K heights, K − 1 slopes at the inner knots. With `moved` numbers in a row, output q of number j is number q · moved + j
/// of the row's outputs. All outputs 0 make the identity.
public struct RationalQuadraticSpline: Sendable, Hashable {
    /// K.
    public let bins: Int
    public let bound: Float

    /// Bins that there may be.
    public static let allBins = 2...Int(CK_SPLINE_BINS)

    public init(bins: Int, bound: Float) {
        precondition(Self.allBins.contains(bins) && bound > 0 && bound.isFinite)
        self.bins = bins
        self.bound = bound
    }

    /// Outputs of the network for each number.
    public var outputs: Int { 3 * bins + 1 }

    private func kernel(_ outputs: UnsafePointer<Float>, _ moved: Int) -> ck_spline {
        ck_spline(outputs: outputs, moved: moved, bins: bins, bound: bound)
    }

    /// y ← the image of x, and log dy/dx, 0 where the mask is.
    ///
    /// - Parameters:
    ///   - mask: 1 for a number that is mapped, 0 for one that stays; nil: all are mapped.
    ///   - y: may be x.
    public func apply(
        _ outputs: UnsafePointer<Float>, moved: Int, mask: UnsafePointer<Float>?, to x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>, logScale: UnsafeMutablePointer<Float>, count: Int
    ) {
        var spline = kernel(outputs, moved)
        ck_spline_map(instructionSet, &spline, x, mask, logScale, y, count)
    }

    /// x of y, in place, and log dy/dx.
    public func undo(
        _ outputs: UnsafePointer<Float>, moved: Int, mask: UnsafePointer<Float>?,
        on y: UnsafeMutablePointer<Float>, logScale: UnsafeMutablePointer<Float>, count: Int
    ) {
        var spline = kernel(outputs, moved)
        ck_spline_inverse(instructionSet, &spline, y, mask, logScale, y, count)
    }

    /// Back-propagation of what contains weight · Σ log dy/dx: the outputs become the gradients with respect to them.
    ///
    /// - Parameters:
    ///   - x: what was mapped.
    ///   - slope: with respect to y; becomes that with respect to x.
    public func differentiate(
        _ outputs: UnsafeMutablePointer<Float>, moved: Int, x: UnsafePointer<Float>, mask: UnsafePointer<Float>?,
        weight: Float, slope: UnsafeMutablePointer<Float>, count: Int
    ) {
        var spline = kernel(outputs, moved)
        ck_spline_slopes(instructionSet, &spline, x, mask, weight, slope, outputs, count)
    }
}
