import LinearAlgebra

/// Factors the system of a `ConditionalGaussian` and finds the missing pixels' deviations, a piece at a time: m³/3
/// multiply-adds for m missing pixels, or k³/6 + k²m/2 where only k < m are known.
public struct ConditionalGaussianRun: Sendable {
    private let known: [Bool]
    /// The missing pixels' variances as long as nothing is known, and their covariances with the known ones, (k, m);
    /// nil where the missing pixels' own system is solved.
    private let prior: (variances: [Double], covariances: Matrix)?
    private var factorization: CholeskyRun
    private var substitution: SubstitutionRun?
    private var failure: NotPositiveDefinite?
    /// Bytes of what is kept.
    public let bytes: Int
    public private(set) var result: ConditionalGaussian?

    /// - Parameter known: true where a pixel is known, D entries.
    public init(known: [Bool], in gaussian: ImageGaussian) {
        precondition(known.count == gaussian.dimension)
        self.known = known
        let solvesMissing = ConditionalGaussian.solvesMissing(known)
        let chosen = ConditionalGaussian.chosen(known)
        let matrix = (solvesMissing ? gaussian.precision : gaussian.covariance).part(rows: chosen, columns: chosen)
        if solvesMissing {
            prior = nil
        } else {
            let missing = known.indices.filter { !known[$0] }
            prior = (
                missing.map { gaussian.covariance[$0, $0] }, gaussian.covariance.part(rows: chosen, columns: missing)
            )
        }
        bytes = matrix.elements.count * MemoryLayout<Double>.stride + known.count * MemoryLayout<Float>.stride
        factorization = CholeskyRun(matrix)
    }

    /// Goes on for about that many multiply-adds.
    ///
    /// - Throws: `NotPositiveDefinite`, now and whenever it is called again.
    public mutating func advance(operations: Int) throws(NotPositiveDefinite) {
        if let failure { throw failure }
        guard result == nil else { return }
        guard substitution != nil else {
            do throws(NotPositiveDefinite) {
                try factorization.advance(operations: operations)
            } catch {
                failure = error
                throw error
            }
            if factorization.isFinished {
                substitution = SubstitutionRun(prior?.covariances, by: factorization.factor)
            }
            return
        }
        substitution?.advance(operations: operations)
        guard let substitution, substitution.isFinished else { return }
        self.substitution = nil
        result = ConditionalGaussian(
            known: known, factor: factorization.factor, deviations: deviations(substitution.result))
    }

    /// With Y = U⁻ᵀ of Λ_mm the variances are Σ_i Y(i,j)²; with Y = U⁻ᵀ Σ_km of Σ_kk that is what they lose.
    private func deviations(_ y: Matrix) -> [Float] {
        var squares = [Double](repeating: 0, count: y.columns)
        for i in 0..<y.rows {
            for j in 0..<y.columns { squares[j] += y[i, j] * y[i, j] }
        }
        if let prior { squares = zip(prior.variances, squares).map { max($0 - $1, 0) } }
        var deviations = [Float](repeating: 0, count: known.count), next = 0
        for k in known.indices where !known[k] {
            deviations[k] = Float(squares[next].squareRoot())
            next += 1
        }
        return deviations
    }
}
