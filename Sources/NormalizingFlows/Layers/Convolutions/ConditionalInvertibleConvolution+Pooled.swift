import LinearAlgebra

// One A an image.
extension ConditionalInvertibleConvolution {
    /// A and t of one image, `offsets` being (batch, c² or c² + c, 1, 1).
    private func weight(of image: Int, _ offsets: Tensor) -> (a: PLUWeight, shift: [Double]?) {
        let size = offsets.shape.imageSize, free = channels * channels
        let numbers = offsets.elements[image * size..<(image + 1) * size]
        return (
            base.offset(by: Array(numbers.prefix(free))),
            shifts ? Array(numbers.dropFirst(free)) : nil
        )
    }

    func transformPooled(_ x: Tensor, offsets: Tensor) -> (output: Tensor, logAbsDet: [Double]) {
        let positions = x.shape.positions
        var logAbsDet: [Double] = []
        let output = Tensor(x.shape) { target in
            x.elements.withUnsafeBufferPointer { source in
                for image in 0..<x.shape.batch {
                    let (a, shift) = weight(of: image, offsets)
                    let first = image * x.shape.imageSize
                    a.matrix.apply(
                        to: source.baseAddress! + first, adding: shift, into: target + first,
                        positions: positions)
                    logAbsDet.append(Double(positions) * a.logAbsDeterminant)
                }
            }
        }
        return (output, logAbsDet)
    }

    func restorePooled(_ z: Tensor, offsets: Tensor) -> (output: Tensor, logAbsDet: [Double]) {
        let positions = z.shape.positions
        var logAbsDet: [Double] = [], unshifted = z.elements
        let output = Tensor(z.shape) { target in
            for image in 0..<z.shape.batch {
                let (a, shift) = weight(of: image, offsets)
                let first = image * z.shape.imageSize
                if let shift {
                    for k in 0..<z.shape.imageSize { unshifted[first + k] -= shift[k / positions] }
                }
                unshifted.withUnsafeBufferPointer { source in
                    a.solve(
                        source.baseAddress! + first, into: target + first, positions: positions)
                }
                logAbsDet.append(-Double(positions) * a.logAbsDeterminant)
            }
        }
        return (output, logAbsDet)
    }

    func differentiatePooled(
        _ g: Tensor, at x: Tensor, offsets: Tensor, logAbsDetWeights: [Double]
    ) -> (input: Tensor, offsets: Tensor) {
        let positions = x.shape.positions
        var offsetGradient: [Double] = []
        let input = Tensor(x.shape) { target in
            g.elements.withUnsafeBufferPointer { g in
                x.elements.withUnsafeBufferPointer { x in
                    for image in logAbsDetWeights.indices {
                        let a = weight(of: image, offsets).a
                        let first = image * channels * positions
                        let slope = g.baseAddress! + first
                        a.matrix.transposed.apply(
                            to: slope, into: target + first, positions: positions)
                        var matrixGradient = Matrix(rows: channels, columns: channels)
                        matrixGradient.addProduct(
                            slope, transposed: x.baseAddress! + first, positions: positions)
                        offsetGradient += a.gradient(
                            ofMatrix: matrixGradient,
                            logAbsDeterminantWeight: Double(positions) * logAbsDetWeights[image]
                        ).elements
                        guard shifts else { continue }
                        for i in 0..<channels {
                            let plane = UnsafeBufferPointer(
                                start: slope + i * positions, count: positions)
                            offsetGradient.append(plane.reduce(0, +))
                        }
                    }
                }
            }
        }
        return (input, Tensor(offsets.shape, elements: offsetGradient))
    }
}
