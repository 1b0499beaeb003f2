import CKernels

/// The factors of an invertible mixture of channels, y = x P U L + b for a row x: P permutes, U is upper triangular as a
/// map of columns, L lower triangular with a diagonal of ones.
public struct ChannelMixture {
    /// (depth, depth), input j in row j: L with its diagonal; U with its diagonal, its rows in the order before P.
    public let lower, upper: UnsafePointer<Float>
    public let bias: UnsafePointer<Float>
    /// Number i after P was number `permutation[i]` before it.
    public let permutation: UnsafePointer<Int>
    public let depth: Int

    /// The most channels that `undo` takes.
    public static let mostDepth = Int(CK_UNMIX_DEPTH)

    public init(
        lower: UnsafePointer<Float>, upper: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        permutation: UnsafePointer<Int>, depth: Int
    ) {
        precondition(depth <= Self.mostDepth)
        self.lower = lower
        self.upper = upper
        self.bias = bias
        self.permutation = permutation
        self.depth = depth
    }

    /// x ← the rows that are mapped to y, (rows, depth). With a mask only its numbers with a 1 are mapped, by the
    /// factors without the others' rows and columns; the others change their places alone.
    ///
    /// - Parameter mask: (period, depth) in the order of y; row i has row i mod `period`.
    public func undo(
        _ y: UnsafePointer<Float>, mask: UnsafePointer<Float>?, period: Int, into x: UnsafeMutablePointer<Float>,
        rows: Int
    ) {
        ck_unmix(instructionSet, lower, upper, bias, permutation, depth, mask, max(period, 1), y, x, rows)
    }
}
