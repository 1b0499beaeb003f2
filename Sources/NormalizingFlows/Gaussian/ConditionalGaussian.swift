import LinearAlgebra

/// The normal distribution of an image's missing pixels given the known ones.
///
/// With Σ the covariance of all pixels and Λ its inverse it has the mean
/// μ_m + Σ_mk Σ_kk⁻¹ (x_k − μ_k) = μ_m − Λ_mm⁻¹ Λ_mk (x_k − μ_k) and the covariance Λ_mm⁻¹. Only one of the systems has
/// to be solved: the known pixels' or the missing ones', whichever is smaller.
public struct ConditionalGaussian: Sendable {
    /// True where the pixel is known. D entries.
    public let known: [Bool]
    /// The standard deviation of each missing pixel given the known ones; 0 of these. D entries.
    public let deviations: [Float]
    /// Of Λ_mm, or of Σ_kk where fewer pixels are known than missing.
    private let factor: CholeskyFactor

    init(known: [Bool], factor: CholeskyFactor, deviations: [Float]) {
        self.known = known
        self.factor = factor
        self.deviations = deviations
    }

    /// The conditional mean of the missing pixels and the known ones as they are. O(D²), on one thread.
    ///
    /// - Parameters:
    ///   - image: D pixels; missing ones do not matter.
    ///   - gaussian: the one that this was made of.
    public func mean(of image: [Float], in gaussian: ImageGaussian) -> [Float] {
        precondition(image.count == known.count && gaussian.dimension == known.count)
        let chosen = Self.chosen(known), solvesMissing = Self.solvesMissing(known)
        // x − μ in the known pixels, 0 in the missing ones.
        let centred = known.indices.map { known[$0] ? Double(image[$0]) - gaussian.mean[$0] : 0 }
        var result = image
        if solvesMissing {
            let right = chosen.map { -gaussian.precision.product(row: $0, centred) }
            for (k, value) in zip(chosen, factor.solve(right)) { result[k] = Float(gaussian.mean[k] + value) }
        } else {
            var weights = [Double](repeating: 0, count: known.count)
            for (k, value) in zip(chosen, factor.solve(chosen.map { centred[$0] })) { weights[k] = value }
            for k in known.indices where !known[k] {
                result[k] = Float(gaussian.mean[k] + gaussian.covariance.product(row: k, weights))
            }
        }
        return result
    }

    /// Whether the missing pixels' system is solved, or else the known ones'.
    static func solvesMissing(_ known: [Bool]) -> Bool { 2 * known.count { !$0 } <= known.count }

    /// The pixels whose system is solved.
    static func chosen(_ known: [Bool]) -> [Int] {
        let wanted = !solvesMissing(known)
        return known.indices.filter { known[$0] == wanted }
    }
}
