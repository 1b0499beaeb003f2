import LinearAlgebra

/// The normal distribution of missing pixels given the known ones as a sampler needs it: with Λ_mm the missing pixels'
/// part of the precision of all pixels and Λ_mm = Uᵀ U, it is that of μ + U⁻¹ w for independent standard normal w.
public struct PosteriorGaussian: Sendable {
    /// The numbers of the d missing pixels, in order.
    public let missing: [Int]
    private let gaussian: ImageGaussian
    /// U.
    private let factor: CholeskyFactor

    init(missing: [Int], gaussian: ImageGaussian, factor: CholeskyFactor) {
        self.missing = missing
        self.gaussian = gaussian
        self.factor = factor
    }

    /// The same at one go, for whoever need not work in pieces.
    ///
    /// - Parameter known: true where a pixel is known, D entries.
    package init(known: [Bool], in gaussian: ImageGaussian) throws(NotPositiveDefinite) {
        var run = PosteriorGaussianRun(known: known, in: gaussian)
        while true {
            try run.advance(operations: .max)
            if let result = run.result {
                self = result
                return
            }
        }
    }

    /// μ = μ_m − Λ_mm⁻¹ Λ_mk (x_k − μ_k), d numbers. O(D d).
    ///
    /// - Parameter image: D pixels, of which the missing ones do not matter.
    public func mean(given image: [Float]) -> [Double] {
        precondition(image.count == gaussian.dimension)
        // x − μ in the known pixels, 0 in the missing ones.
        var centred = zip(image, gaussian.mean).map { Double($0) - $1 }
        for k in missing { centred[k] = 0 }
        let shift = factor.solve(missing.map { -gaussian.precision.product(row: $0, centred) })
        return zip(missing, shift).map { gaussian.mean[$0] + $1 }
    }

    /// U⁻¹ w: what w means in pixels, less μ. O(d²).
    func pixels(of w: [Double]) -> [Double] { factor.solveUpper(w) }

    /// U⁻ᵀ g: the slope in w where it is g in pixels. O(d²).
    func pullBack(_ slope: [Double]) -> [Double] { factor.solveTransposed(slope) }
}

/// Makes a `PosteriorGaussian`, a piece at a time: d³/6 multiply-adds for d missing pixels.
public struct PosteriorGaussianRun: Sendable {
    private let missing: [Int]
    private let gaussian: ImageGaussian
    private var factorization: CholeskyRun
    public private(set) var result: PosteriorGaussian?

    /// - Parameter known: true where a pixel is known, D entries.
    public init(known: [Bool], in gaussian: ImageGaussian) {
        precondition(known.count == gaussian.dimension)
        missing = known.indices.filter { !known[$0] }
        self.gaussian = gaussian
        var part = Matrix(rows: missing.count, columns: missing.count)
        for (i, row) in missing.enumerated() {
            for (k, column) in missing.enumerated() { part[i, k] = gaussian.precision[row, column] }
        }
        factorization = CholeskyRun(part)
    }

    /// Goes on for about that many multiply-adds.
    ///
    /// - Throws: `NotPositiveDefinite`; the run is not to be continued then.
    public mutating func advance(operations: Int) throws(NotPositiveDefinite) {
        guard result == nil else { return }
        try factorization.advance(operations: operations)
        guard factorization.isFinished else { return }
        result = PosteriorGaussian(missing: missing, gaussian: gaussian, factor: factorization.factor)
    }
}
