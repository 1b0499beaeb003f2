import LinearAlgebra
import Statistics

// An A a position. Each coefficient of A is a plane over the positions, so each of A's products
// is a product of planes: the sums run over channels in the same order as one A's would.
extension ConditionalInvertibleConvolution {
    func transformPerPosition(
        _ x: Tensor, offsets: Tensor
    ) -> (output: Tensor, logAbsDet: [Double]) {
        let factors = PositionwiseFactors(of: self, offsets), c = channels, n = x.shape.positions
        var product = Tensor(TensorShape(channels: c, columns: n))
        let output = Tensor(x.shape) { target in
            x.elements.withUnsafeBufferPointer { source in
                for image in 0..<x.shape.batch {
                    let first = image * x.shape.imageSize
                    product.elements.withUnsafeMutableBufferPointer { v in
                        factors.applyUpper(image, source.baseAddress! + first, into: v.baseAddress!)
                        factors.applyLower(image, v.baseAddress!)
                    }
                    for (i, place) in base.permutation.enumerated() {
                        let z = target + first + i * n
                        for p in 0..<n {
                            z[p] = product.elements[place * n + p] + factors.shift(image, i, p)
                        }
                    }
                }
            }
        }
        return (output, factors.logAbsDet)
    }

    func restorePerPosition(_ z: Tensor, offsets: Tensor) -> (output: Tensor, logAbsDet: [Double]) {
        let factors = PositionwiseFactors(of: self, offsets), n = z.shape.positions
        let output = Tensor(z.shape) { target in
            for image in 0..<z.shape.batch {
                let first = image * z.shape.imageSize
                for (i, place) in base.permutation.enumerated() {
                    for p in 0..<n {
                        target[first + place * n + p] =
                            z.elements[first + i * n + p] - factors.shift(image, i, p)
                    }
                }
                factors.solve(image, target + first)
            }
        }
        return (output, factors.logAbsDet.map { -$0 })
    }

    func differentiatePerPosition(
        _ g: Tensor, at x: Tensor, offsets: Tensor, logAbsDetWeights: [Double]
    ) -> (input: Tensor, offsets: Tensor) {
        let factors = PositionwiseFactors(of: self, offsets), c = channels, n = x.shape.positions
        var offsetGradient = Tensor(offsets.shape)
        var product = Tensor(TensorShape(channels: c, columns: n)), permuted = product
        let input = Tensor(x.shape) { target in
            x.elements.withUnsafeBufferPointer { source in
                for image in 0..<x.shape.batch {
                    let first = image * x.shape.imageSize
                    offsetGradient.elements.withUnsafeMutableBufferPointer { slopes in
                        let slopes = slopes.baseAddress! + image * offsets.shape.imageSize
                        for (i, place) in base.permutation.enumerated() {
                            for p in 0..<n {
                                let slope = g.elements[first + i * n + p]
                                permuted.elements[place * n + p] = slope
                                if shifts { slopes[(c * c + i) * n + p] = slope }
                            }
                        }
                        product.elements.withUnsafeMutableBufferPointer { v in
                            permuted.elements.withUnsafeMutableBufferPointer { w in
                                factors.applyUpper(
                                    image, source.baseAddress! + first, into: v.baseAddress!)
                                factors.differentiate(
                                    image, at: source.baseAddress! + first,
                                    product: v.baseAddress!, w.baseAddress!,
                                    logAbsDetWeight: logAbsDetWeights[image],
                                    input: target + first, slopes: slopes)
                            }
                        }
                    }
                }
            }
        }
        return (input, offsetGradient)
    }
}

/// L, U and s of every position of a batch, as planes.
private struct PositionwiseFactors {
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

    /// t_i at a position; 0 where there is none.
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

    /// v ← L v: from the last channel up, so that those that a row needs still stand.
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
