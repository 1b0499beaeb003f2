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
