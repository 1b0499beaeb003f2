import Statistics

/// The random inputs of a limit state: a distribution for each, joined by a Gaussian copula. They are functions of as
/// many independent standard normal numbers u: x_j = F_j⁻¹(Φ(z_j)), z = L u, with L the Cholesky factor of the copula's
/// correlation matrix (Liu, Der Kiureghian, "Multivariate distribution models with prescribed marginals and
/// covariances", Probabilistic Engineering Mechanics 1986, whose correlation is that of z here).
public struct RandomInputs: Sendable {
    public let names: [String]
    public let distributions: [any ContinuousDistribution]
    /// Row-major lower triangle of L, rows one after the other; nil where the inputs are independent.
    let factor: [Double]?

    public var count: Int { names.count }
    public var areIndependent: Bool { factor == nil }

    /// - Parameter correlation: rows of the copula's matrix; nil for independent inputs.
    /// - Throws: `InvalidParameter` naming `variables` where there is none, or `correlation` where it is not square, symmetric,
    ///   1 on the diagonal and positive definite, with the entry or the variable that breaks it.
    public init(
        _ inputs: [(name: String, distribution: any ContinuousDistribution)], correlation: [[Double]]? = nil
    ) throws(InvalidParameter) {
        guard !inputs.isEmpty else { throw InvalidParameter("variables", "must have at least one variable") }
        names = inputs.map(\.name)
        distributions = inputs.map(\.distribution)
        if let correlation {
            let factor = try Self.cholesky(correlation, names)
            self.factor = Self.isIdentity(correlation) ? nil : factor
        } else {
            factor = nil
        }
    }

    /// Where row i of the factor begins.
    static func row(_ i: Int) -> Int { i * (i + 1) / 2 }

    private static func isIdentity(_ matrix: [[Double]]) -> Bool {
        matrix.enumerated().allSatisfy { i, row in row.enumerated().allSatisfy { $1 == ($0 == i ? 1 : 0) } }
    }

    private static func cholesky(_ matrix: [[Double]], _ names: [String]) throws(InvalidParameter) -> [Double] {
        let n = names.count
        func fail(_ reason: String) -> InvalidParameter { InvalidParameter("correlation", reason) }
        guard matrix.count == n, matrix.allSatisfy({ $0.count == n }) else {
            throw fail("must be a square matrix of size \(n), a row and a column for each variable")
        }
        for i in 0..<n {
            guard matrix[i][i] == 1 else { throw fail("must be 1 on the diagonal: [\(i)][\(i)] is \(matrix[i][i])") }
            for j in 0..<i {
                guard matrix[i][j] == matrix[j][i] else {
                    throw fail("must be symmetric: [\(i)][\(j)] is \(matrix[i][j]), [\(j)][\(i)] is \(matrix[j][i])")
                }
                guard matrix[i][j].magnitude < 1 else {
                    throw fail("must lie strictly between -1 and 1 off the diagonal: [\(i)][\(j)] is \(matrix[i][j])")
                }
            }
        }
        var factor = [Double](repeating: 0, count: row(n))
        for i in 0..<n {
            for j in 0...i {
                var sum = matrix[i][j]
                for k in 0..<j { sum -= factor[row(i) + k] * factor[row(j) + k] }
                if j < i {
                    factor[row(i) + j] = sum / factor[row(j) + j]
                } else {
                    // What the earlier variables leave of this one's variance.
                    guard sum > 1e-12 else {
                        throw fail(
                            "must be positive definite: given \(names[..<i].joined(separator: ", ")), the variance left "
                                + "for \(names[i]) is \(sum)")
                    }
                    factor[row(i) + i] = sum.squareRoot()
                }
            }
        }
        return factor
    }
}
