import LinearAlgebra
import Statistics

extension PLUWeight {
    /// The PLU factors of a random rotation, uniform (Haar) over those of R^c: log|det A| = 0 and
    /// det A = 1. Glow's initialization.
    ///
    /// Q of a matrix of normal draws is uniform over the orthogonal matrices once R's diagonal is
    /// positive (Mezzadri, "How to generate random matrices from the classical compact groups",
    /// 2007); a reflection becomes a rotation by the sign of its first row.
    ///
    /// - Parameter philox: the stream to draw from, its numbers 0 … c² − 1.
    public init(randomRotationOf channels: Int, using philox: Philox) {
        precondition(channels >= 1)
        let draws = NormalDistribution.standard.draws(channels * channels, from: philox, at: 0)
        var rotation = QRFactorization(
            Matrix(rows: channels, columns: channels, elements: draws)
        ).orthogonal
        var factors = PLUFactorization(rotation)
        if factors.determinantSign < 0 {
            for k in 0..<channels { rotation[0, k] = -rotation[0, k] }
            factors = PLUFactorization(rotation)
        }
        var upper = factors.upper
        for i in 0..<channels { upper[i, i] = 0 }
        let scale = factors.pivots
        self.init(
            permutation: factors.permutation, lower: factors.lower, upper: upper, scale: scale,
            logAbsScale: ElementaryFunction.log(scale.map(\.magnitude)))
    }
}
