import LinearAlgebra
import Statistics

extension PLUWeight {
    /// The smallest |s_i| over the largest that counts as well-conditioned: 2⁻⁴⁰, about 10⁻¹².
    /// Below it a number divided by s_i keeps fewer than four of the sixteen digits of its
    /// precision relative to the others.
    public static let smallestRelativeScale = 0x1p-40

    /// A weight from its numbers.
    ///
    /// - Parameters:
    ///   - permutation: (P v)[i] = v[permutation[i]], each of 0 … c−1 once.
    ///   - lower: L, c rows of c numbers, 1 on the diagonal and 0 above it.
    ///   - upper: U, c rows of c numbers, 0 on the diagonal and below it.
    ///   - scale: s, c numbers.
    /// - Throws: `LayerError` that names `permutation`, `lower`, `upper` or `scale` and the first
    ///   index that is wrong.
    public init(
        permutation: [Int], lower: [[Double]], upper: [[Double]], scale: [Double]
    ) throws(LayerError) {
        let channels = permutation.count
        guard channels > 0 else { throw LayerError("permutation", reason: "must not be empty") }
        var seen = [Bool](repeating: false, count: channels)
        for (i, place) in permutation.enumerated() {
            guard permutation.indices.contains(place) else {
                throw LayerError(
                    "permutation", "\(i)", reason: "must be one of 0 … \(channels - 1), not \(place)")
            }
            guard !seen[place] else {
                throw LayerError("permutation", "\(i)", reason: "must not repeat \(place)")
            }
            seen[place] = true
        }
        let l = try Matrix("lower", rows: lower, rowCount: channels, columnCount: channels)
        let u = try Matrix("upper", rows: upper, rowCount: channels, columnCount: channels)
        for i in 0..<channels {
            guard l[i, i] == 1 else {
                throw LayerError("lower", "\(i)", "\(i)", reason: "must be 1: L's diagonal is 1")
            }
            if let k = (i + 1..<channels).first(where: { l[i, $0] != 0 }) {
                throw LayerError(
                    "lower", "\(i)", "\(k)", reason: "must be 0: it lies above L's diagonal")
            }
            if let k = (0...i).first(where: { u[i, $0] != 0 }) {
                throw LayerError(
                    "upper", "\(i)", "\(k)",
                    reason: "must be 0: it does not lie above U's diagonal")
            }
        }
        try Self.requireInvertible(scale, count: channels)
        self.init(
            permutation: permutation, lower: l, upper: u, scale: scale,
            logAbsScale: ElementaryFunction.log(scale.map(\.magnitude)))
    }

    /// Any regular matrix as a weight, by its PLU factors.
    ///
    /// - Throws: `LayerError` that names `scale` where the matrix is singular or nearly so.
    public init(factoring matrix: Matrix) throws(LayerError) {
        let factors = PLUFactorization(matrix), scale = factors.pivots
        try Self.requireInvertible(scale, count: matrix.rows)
        var upper = factors.upper
        for i in 0..<matrix.rows { upper[i, i] = 0 }
        self.init(
            permutation: factors.permutation, lower: factors.lower, upper: upper, scale: scale,
            logAbsScale: ElementaryFunction.log(scale.map(\.magnitude)))
    }

    /// Throws where s has another count than c, or an s_i is 0, not finite, subnormal, or less
    /// than `smallestRelativeScale` of the largest.
    static func requireInvertible(_ scale: [Double], count: Int) throws(LayerError) {
        guard scale.count == count else {
            throw LayerError("scale", reason: "must have \(count) numbers, not \(scale.count)")
        }
        try scale.requireFinite("scale")
        let largest = scale.reduce(0) { max($0, $1.magnitude) }
        for (i, s) in scale.enumerated() {
            guard s != 0 else {
                throw LayerError("scale", "\(i)", reason: "must not be 0: A would be singular")
            }
            guard s.magnitude >= largest * smallestRelativeScale, s.isNormal else {
                throw LayerError(
                    "scale", "\(i)",
                    reason: "is ill-conditioned: \(s) is less than 2^-40 of the largest, \(largest), "
                        + "or subnormal")
            }
        }
    }
}
