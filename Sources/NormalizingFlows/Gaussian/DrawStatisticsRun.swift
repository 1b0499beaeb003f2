import LinearAlgebra
import Statistics

/// The mean and the covariance of a model's own draws, a piece at a time: for models whose file records none.
///
/// 2048 draws under a fixed seed, clamped to 0…1. Of the covariance S of that few draws the correlations are shrunk,
/// (1 − λ) s_ij, with the λ that minimizes the expected squared error (Schäfer and Strimmer, "A shrinkage
/// approach to large-scale covariance matrix estimation", 2005, target D), and each variance gets that of
/// the noise u / 256 with u uniform on 0…1, as in training: so it is positive definite.
public struct DrawStatisticsRun: Sendable {
    public static let draws = 2048
    private static let noiseVariance = 1 / (12.0 * 65536)

    private let dimension: Int
    private var count = 0
    private var sums: [Double]
    /// The draws, once all are there less their mean; nil where no covariance is wanted.
    private var rows: Matrix?
    private var product: CrossProductRun?
    /// Σ over draws of Σ_{i≠j} (x_i x_j)², the draws being centred.
    private var products = 0.0

    /// The mean of the draws, once they have been made.
    public private(set) var mean: [Float]?
    /// The shrunk covariance, once it is known; for models of at most `ImageGaussian.mostPixels`.
    public private(set) var covariance: Matrix?

    /// - Parameter dimension: the model's.
    public init(dimension: Int) {
        self.dimension = dimension
        sums = Array(repeating: 0, count: dimension)
        if dimension <= ImageGaussian.mostPixels { rows = Matrix(rows: Self.draws, columns: dimension) }
    }

    /// Makes draws for about a millisecond, or goes on with the covariance for about that many multiply-adds.
    ///
    /// - Throws: `NonFiniteValue` where the model makes such a number on the way.
    public mutating func advance(
        _ model: any FlowModel, in workspace: any FlowWorkspace, operations: Int
    ) throws(NonFiniteValue) {
        guard mean != nil else {
            for _ in 0..<model.evaluationsAMillisecond where count < Self.draws { try draw(model, in: workspace) }
            if count == Self.draws { finishDraws() }
            return
        }
        guard product != nil else { return }
        product?.advance(operations: operations)
        if let product, product.isFinished {
            covariance = shrunk(product.result)
            self.product = nil
        }
    }

    private mutating func draw(
        _ model: any FlowModel, in workspace: any FlowWorkspace
    ) throws(NonFiniteValue) {
        let image = try model.sample(UInt64(count), temperature: 1, in: workspace, using: Philox(seed: 0))
        for k in image.indices { sums[k] += Double(image[k]) }
        if rows != nil {
            for k in image.indices { rows?.elements[count * dimension + k] = Double(image[k]) }
        }
        count += 1
    }

    private mutating func finishDraws() {
        let means = sums.map { $0 / Double(count) }
        mean = means.map { Float($0) }
        guard var rows else { return }
        self.rows = nil
        rows.elements.withUnsafeMutableBufferPointer { x in
            for row in 0..<count {
                var squares = 0.0, fourths = 0.0
                for k in 0..<dimension {
                    let value = x[row * dimension + k] - means[k], square = value * value
                    x[row * dimension + k] = value
                    squares += square
                    fourths += square * square
                }
                products += squares * squares - fourths
            }
        }
        product = CrossProductRun(of: rows)
    }

    /// The covariance from the sums of products.
    private func shrunk(_ sums: Matrix) -> Matrix {
        var matrix = sums
        let n = Double(count), size = dimension
        matrix.elements.withUnsafeMutableBufferPointer { s in
            var squares = 0.0
            for i in 0..<size {
                for j in 0..<size {
                    s[i * size + j] /= n
                    if i != j { squares += s[i * size + j] * s[i * size + j] }
                }
            }
            // Where no two pixels vary together there is nothing to shrink.
            let variance = products / (n * n) - squares / n
            let kept = squares > 0 ? 1 - min(max(variance / squares, 0), 1) : 1
            for i in 0..<size {
                for j in 0..<size where i != j { s[i * size + j] *= kept }
                s[i * size + i] += Self.noiseVariance
            }
        }
        return matrix
    }
}
