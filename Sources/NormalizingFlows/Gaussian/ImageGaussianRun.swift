import LinearAlgebra

/// Makes an `ImageGaussian` of a covariance or of its Cholesky factor, a piece at a time.
public struct ImageGaussianRun: Sendable {
    private let mean: [Double]
    // What is under way; each gives way to the next.
    private var product: CrossProductRun?
    private var factorization: CholeskyRun?
    private var inversion: InverseRun?
    /// U of Σ = Uᵀ U, until its inverse is begun.
    private var upper: Matrix?
    private var covariance: Matrix?
    private var failure: NotPositiveDefinite?

    /// What was made, once it is.
    public private(set) var result: ImageGaussian?

    /// - Parameters:
    ///   - mean: D numbers.
    ///   - factor: the lower triangle of L with L Lᵀ = Σ, row by row; nothing on the diagonal is 0.
    public init(mean: [Double], factor: [Float]) {
        let size = mean.count
        precondition(factor.count == size * (size + 1) / 2)
        var upper = Matrix(rows: size, columns: size), next = 0
        for i in 0..<size {
            for k in 0...i {
                upper[k, i] = Double(factor[next])
                next += 1
            }
        }
        self.mean = mean
        product = CrossProductRun(of: upper)
        self.upper = upper
    }

    /// - Parameter covariance: (D, D), symmetric, positive definite.
    public init(mean: [Double], covariance: Matrix) {
        precondition(covariance.rows == mean.count)
        self.mean = mean
        self.covariance = covariance
        factorization = CholeskyRun(covariance)
    }

    /// Goes on for about that many multiply-adds.
    ///
    /// - Throws: `NotPositiveDefinite` where Σ is not, or its inverse leaves double precision, now and whenever
    ///   it is called again.
    public mutating func advance(operations: Int) throws(NotPositiveDefinite) {
        if let failure { throw failure }
        do throws(NotPositiveDefinite) {
            try proceed(operations)
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func proceed(_ operations: Int) throws(NotPositiveDefinite) {
        if product != nil {
            product?.advance(operations: operations)
            guard let product, product.isFinished, let upper else { return }
            covariance = product.result
            inversion = InverseRun(of: CholeskyFactor(upper: upper))
            self.product = nil
            self.upper = nil
        } else if factorization != nil {
            try factorization?.advance(operations: operations)
            guard let factorization, factorization.isFinished else { return }
            inversion = InverseRun(of: factorization.factor)
            self.factorization = nil
        } else if inversion != nil {
            inversion?.advance(operations: operations)
            guard let inversion, inversion.isFinished, let covariance else { return }
            let precision = inversion.result
            self.inversion = nil
            if let index = precision.elements.firstIndex(where: { !$0.isFinite }) {
                throw NotPositiveDefinite(row: index / precision.columns)
            }
            result = ImageGaussian(mean: mean, covariance: covariance, precision: precision)
        }
    }
}
