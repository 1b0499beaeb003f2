import LinearAlgebra

/// The covariance of images as x = (byte + u) / 256 with u uniform on 0…1, and with noise where the model's have it, by
/// its Cholesky factor: with the mean it is what the best linear guess of missing pixels needs.
///
/// The factor, since its product with itself is a covariance however its numbers are rounded.
public enum ImageCovariance {
    /// Larger images have too many pairs of pixels.
    public static let mostPixels = 2048

    /// The lower triangle of L with L Lᵀ = covariance, row by row; nil for images of more than `mostPixels`.
    ///
    /// - Parameter noise: σ of the noise that is added to each pixel.
    public static func factor(
        of images: ImageSet, over numbers: [Int], noise: Double = 0, on pool: ThreadPool
    ) -> [Float]? {
        guard images.dimension <= mostPixels, !numbers.isEmpty else { return nil }
        var covariance = covariance(of: images, over: numbers, on: pool)
        for k in 0..<images.dimension { covariance[k, k] += noise * noise }
        return cholesky(covariance)
    }

    /// The covariance.
    static func covariance(of images: ImageSet, over numbers: [Int], on pool: ThreadPool) -> Matrix {
        let dimension = images.dimension, means = images.means(over: numbers)
        var sums = Matrix(rows: dimension, columns: dimension)
        let part = 512
        var centred = [Float](repeating: 0, count: part * dimension)
        var products = [Float](repeating: 0, count: dimension * dimension)
        // Sums in single precision over some hundred images, of these in double.
        for first in stride(from: 0, to: numbers.count, by: part) {
            let chosen = numbers[first..<min(first + part, numbers.count)]
            for (row, image) in chosen.enumerated() {
                for k in 0..<dimension {
                    let byte = images.bytes[image * dimension + k]
                    centred[row * dimension + k] = Float((Double(byte) - means[k]) / 256)
                }
            }
            centred.withUnsafeBufferPointer { centred in
                products.withUnsafeMutableBufferPointer { products in
                    guard let x = centred.baseAddress, let target = products.baseAddress else { return }
                    let view = MatrixView(x, stride: dimension)
                    let product = MatrixProduct(
                        view.transposed, view, into: target, stride: dimension, rows: dimension, columns: dimension,
                        depth: chosen.count)
                    pool.forEach(product.panels) { product.multiply(panel: $0) }
                }
            }
            for k in products.indices { sums.elements[k] += Double(products[k]) }
        }
        for k in sums.elements.indices { sums.elements[k] /= Double(numbers.count) }
        for k in 0..<dimension { sums[k, k] += 1 / (12.0 * 65536) }
        return sums
    }

    /// The lower triangle of the Cholesky factor, row by row.
    private static func cholesky(_ matrix: Matrix) -> [Float] {
        let size = matrix.rows
        // A rounding error may have taken away what the noise adds to each pixel; no more than that.
        let least = 1 / (16.0 * 65536)
        var factor = Matrix(rows: size, columns: size), result: [Float] = []
        result.reserveCapacity(size * (size + 1) / 2)
        factor.elements.withUnsafeMutableBufferPointer { l in
            for i in 0..<size {
                for j in 0...i {
                    var sum = matrix[i, j]
                    for k in 0..<j { sum -= l[i * size + k] * l[j * size + k] }
                    l[i * size + j] = i == j ? max(sum, least).squareRoot() : sum / l[j * size + j]
                    result.append(Float(l[i * size + j]))
                }
            }
        }
        return result
    }
}
