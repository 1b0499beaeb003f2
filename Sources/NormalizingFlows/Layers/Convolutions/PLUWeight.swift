import LinearAlgebra

/// The weight of an invertible 1×1 convolution in the form of Glow (Kingma, Dhariwal, "Glow:
/// Generative Flow with Invertible 1×1 Convolutions", 2018, equation 10): A = P L (U + diag(s)),
/// (c, c), P a permutation, L unit lower triangular, U strictly upper triangular.
///
/// log|det A| = Σ log|s_i| costs O(c). The free parameters of s are log|s_i|, and its signs are fixed,
/// so that A is invertible for all values of the parameters.
public struct PLUWeight: Sendable, Hashable {
    /// P as the places that its rows take their numbers from: (P v)[i] = v[permutation[i]].
    public let permutation: [Int]
    /// L, its unit diagonal and its zeros included.
    public let lower: Matrix
    /// U, its zeros included.
    public let upper: Matrix
    /// s.
    public let scale: [Double]
    /// log|s|.
    public let logAbsScale: [Double]
    /// A.
    public let matrix: Matrix

    /// c.
    public var channels: Int { permutation.count }

    init(
        permutation: [Int], lower: Matrix, upper: Matrix, scale: [Double], logAbsScale: [Double]
    ) {
        self.permutation = permutation
        self.lower = lower
        self.upper = upper
        self.scale = scale
        self.logAbsScale = logAbsScale
        var diagonal = upper
        for (i, s) in scale.enumerated() { diagonal[i, i] = s }
        matrix = (lower * diagonal).rows(inOrder: permutation)
    }

    /// The identity: nothing is permuted, L = I, U = 0, s = 1.
    public static func identity(channels: Int) -> PLUWeight {
        PLUWeight(
            permutation: Array(0..<channels), lower: .identity(channels),
            upper: Matrix(rows: channels, columns: channels),
            scale: Array(repeating: 1, count: channels),
            logAbsScale: Array(repeating: 0, count: channels))
    }

    /// log|det A|.
    public var logAbsDeterminant: Double { logAbsScale.reduce(0, +) }

    /// The sign of det A, −1 or 1.
    public var determinantSign: Int {
        scale.reduce(permutation.permutationSign) { $1 < 0 ? -$0 : $0 }
    }

    /// x ← A⁻¹ y, each (c, positions): by the permutation, then by forward and backward
    /// substitution. A⁻¹ itself is never formed.
    func solve(
        _ y: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, positions: Int
    ) {
        for (i, place) in permutation.enumerated() {
            (x + place * positions).update(from: y + i * positions, count: positions)
        }
        lower.solveUnitLower(x, positions: positions)
        upper.solveUpper(diagonal: scale, x, positions: positions)
    }
}
