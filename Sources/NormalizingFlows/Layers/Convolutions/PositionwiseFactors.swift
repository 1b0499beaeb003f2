import LinearAlgebra
import Statistics

/// L, U and s of every position of a batch, as planes.
struct PositionwiseFactors {
    let channels: Int
    /// n: positions an image.
    let positions: Int
    /// (batch, c² or c² + c, m, n): at (i, k) L below the diagonal, U above it, s on it; then t.
    let coefficients: Tensor
    /// Σ over positions and i of log|s_i|, one an image.
    let logAbsDet: [Double]
    let shifts: Bool

    init(of layer: ConditionalInvertibleConvolution, _ offsets: Tensor) {
        let c = layer.channels, n = offsets.shape.positions, base = layer.base
        var coefficients = offsets, logAbsDet: [Double] = []
        for image in 0..<offsets.shape.batch {
            var sum = 0.0
            for i in 0..<c {
                for k in 0..<c {
                    let first = image * offsets.shape.imageSize + (i * c + k) * n
                    let plane = first..<first + n
                    if i == k {
                        let offset = Array(coefficients.elements[plane])
                        for value in offset { sum += base.logAbsScale[i] + value }
                        let factor = ElementaryFunction.exp(offset)
                        for p in 0..<n { coefficients.elements[first + p] = base.scale[i] * factor[p] }
                    } else {
                        let start = k < i ? base.lower[i, k] : base.upper[i, k]
                        for p in plane { coefficients.elements[p] += start }
                    }
                }
            }
            logAbsDet.append(sum)
        }
        channels = c
        positions = n
        self.coefficients = coefficients
        self.logAbsDet = logAbsDet
        shifts = layer.shifts
    }

    /// t_i at a position; 0 if the network gives no shift.
    func shift(_ image: Int, _ i: Int, _ position: Int) -> Double {
        guard shifts else { return 0 }
        let first = image * coefficients.shape.imageSize
        return coefficients.elements[first + (channels * channels + i) * positions + position]
    }

    /// `body` with the plane of coefficient (i, k) of one image.
    private func withPlanes(
        _ image: Int, _ body: ((_ i: Int, _ k: Int) -> UnsafePointer<Double>) -> Void
    ) {
        coefficients.elements.withUnsafeBufferPointer { buffer in
            let first = buffer.baseAddress! + image * coefficients.shape.imageSize
            body { i, k in first + (i * channels + k) * positions }
        }
    }

    /// v ← (U + diag(s)) x, planes of one image.
    func applyUpper(
        _ image: Int, _ x: UnsafePointer<Double>, into v: UnsafeMutablePointer<Double>
    ) {
        let n = positions
        withPlanes(image) { plane in
            for i in 0..<channels {
                let s = plane(i, i)
                for p in 0..<n { v[i * n + p] = s[p] * x[i * n + p] }
                for k in i + 1..<channels {
                    Planes.addProducts(plane(i, k), x + k * n, to: v + i * n, count: n)
                }
            }
        }
    }

    /// v ← L v, from the last channel up, so that a row finds the channels it needs unchanged.
    func applyLower(_ image: Int, _ v: UnsafeMutablePointer<Double>) {
        let n = positions
        withPlanes(image) { plane in
            for i in (0..<channels).reversed() {
                for k in 0..<i {
                    Planes.addProducts(plane(i, k), v + k * n, to: v + i * n, count: n)
                }
            }
        }
    }

    /// v ← (U + diag(s))⁻¹ L⁻¹ v.
    func solve(_ image: Int, _ v: UnsafeMutablePointer<Double>) {
        let n = positions
        withPlanes(image) { plane in
            for i in 0..<channels {
                for k in 0..<i {
                    Planes.subtractProducts(plane(i, k), v + k * n, from: v + i * n, count: n)
                }
            }
            for i in (0..<channels).reversed() {
                for k in i + 1..<channels {
                    Planes.subtractProducts(plane(i, k), v + k * n, from: v + i * n, count: n)
                }
                let s = plane(i, i)
                for p in 0..<n { v[i * n + p] /= s[p] }
            }
        }
    }

    /// Back-propagation through w = L v, v = (U + diag(s)) x.
    ///
    /// - Parameters:
    ///   - v: the product (U + diag(s)) x.
    ///   - w: ∂w; holds ∂v afterwards.
    ///   - x: the input; `input` takes ∂x.
    ///   - slopes: takes the gradient with respect to the offsets; 0 before.
    func differentiate(
        _ image: Int, at x: UnsafePointer<Double>, product v: UnsafePointer<Double>,
        _ w: UnsafeMutablePointer<Double>, logAbsDetWeight: Double,
        input: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
    ) {
        let c = channels, n = positions
        func slope(_ i: Int, _ k: Int) -> UnsafeMutablePointer<Double> { slopes + (i * c + k) * n }
        withPlanes(image) { plane in
            for k in 0..<c {
                for i in k + 1..<c {
                    Planes.addProducts(w + i * n, v + k * n, to: slope(i, k), count: n)
                }
            }
            // ∂v = Lᵀ ∂w, from the first channel down: a row needs those after it.
            for k in 0..<c {
                for i in k + 1..<c {
                    Planes.addProducts(plane(i, k), w + i * n, to: w + k * n, count: n)
                }
            }
            for i in 0..<c {
                let s = plane(i, i), logScaleSlope = slope(i, i)
                for p in 0..<n {
                    // ∂log|s| = s ∂s, and ∂s = ∂v x.
                    input[i * n + p] = s[p] * w[i * n + p]
                    logScaleSlope[p] = input[i * n + p] * x[i * n + p] + logAbsDetWeight
                }
                for k in i + 1..<c {
                    Planes.addProducts(w + i * n, x + k * n, to: slope(i, k), count: n)
                }
                for k in 0..<i {
                    Planes.addProducts(plane(k, i), w + k * n, to: input + i * n, count: n)
                }
            }
        }
    }
}
