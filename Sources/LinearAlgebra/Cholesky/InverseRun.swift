/// The inverse of a symmetric positive definite matrix A = Uᵀ U from its Cholesky factor, a piece at a time:
/// Y = U⁻ᵀ, then A⁻¹ = Yᵀ Y. n³/2 multiply-adds for n rows.
public struct InverseRun: Sendable {
    private var substitution: SubstitutionRun
    private var product: CrossProductRun?

    public init(of factor: CholeskyFactor) { substitution = SubstitutionRun(nil, by: factor) }

    public var isFinished: Bool { product?.isFinished ?? false }

    /// A⁻¹, both triangles, once the run is finished. Its numbers may have left double precision.
    public var result: Matrix {
        guard let product else { preconditionFailure("the run is finished") }
        return product.result
    }

    /// Goes on for about that many multiply-adds, one piece at least.
    public mutating func advance(operations: Int) {
        guard substitution.isFinished else { return substitution.advance(operations: operations) }
        if product == nil { product = CrossProductRun(of: substitution.result) }
        product?.advance(operations: operations)
    }
}
