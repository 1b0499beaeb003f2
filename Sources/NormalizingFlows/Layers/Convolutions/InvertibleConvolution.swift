import LinearAlgebra

/// An invertible 1×1 convolution (Kingma, Dhariwal, "Glow", 2018, section 3.2): at every position
/// the channels of x in R^{c×m×n} are mixed by one matrix, z[:, i, j] = A x[:, i, j] with
/// A = P L (U + diag(s)).
///
/// log|det ∂z/∂x| = m·n·Σ log|s_i|, in whatever order the numbers are flattened. O(c²·m·n) an
/// image and O(c³) once for A.
public struct InvertibleConvolution: FlowLayer {
    /// A and its factors.
    public private(set) var weight: PLUWeight

    public init(_ weight: PLUWeight) {
        self.weight = weight
    }

    /// c.
    public var channels: Int { weight.channels }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        guard input.channels == channels else {
            throw LayerError("input", reason: "must have \(channels) channels, not \(input.channels)")
        }
        return input
    }

    /// The sign of det ∂z/∂x for images of `positions` positions: det A to their power.
    public func determinantSign(positions: Int) -> Int {
        positions.isMultiple(of: 2) ? 1 : weight.determinantSign
    }

    private func logAbsDetJacobian(_ shape: TensorShape, sign: Double) -> [Double] {
        Array(
            repeating: sign * Double(shape.positions) * weight.logAbsDeterminant,
            count: shape.batch)
    }

    public func encode(_ x: Tensor) -> Encoding {
        Encoding(
            output: x.mixingChannels(by: weight.matrix),
            logAbsDetJacobian: logAbsDetJacobian(x.shape, sign: 1), trace: LayerTrace(input: x))
    }

    public func decode(_ z: Tensor) -> Decoding {
        precondition(z.shape.channels == channels)
        let x = Tensor(z.shape) { target in
            z.elements.withUnsafeBufferPointer { source in
                for image in 0..<z.shape.batch {
                    let first = image * z.shape.imageSize
                    weight.solve(
                        source.baseAddress! + first, into: target + first,
                        positions: z.shape.positions)
                }
            }
        }
        return Decoding(output: x, logAbsDetJacobian: logAbsDetJacobian(z.shape, sign: -1))
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        precondition(gradient.shape == trace.input.shape)
        let shape = gradient.shape, transposed = weight.matrix.transposed
        var matrixGradient = Matrix(rows: channels, columns: channels)
        // Image by image, so that both products meet the gradient in the nearest cache.
        let input = Tensor(shape) { target in
            gradient.elements.withUnsafeBufferPointer { g in
                trace.input.elements.withUnsafeBufferPointer { x in
                    for image in 0..<shape.batch {
                        let first = image * shape.imageSize
                        transposed.apply(
                            to: g.baseAddress! + first, into: target + first,
                            positions: shape.positions)
                        matrixGradient.addProduct(
                            g.baseAddress! + first, transposed: x.baseAddress! + first,
                            positions: shape.positions)
                    }
                }
            }
        }
        let free = weight.gradient(
            ofMatrix: matrixGradient,
            logAbsDeterminantWeight: Double(shape.positions) * logAbsDetWeights.reduce(0, +))
        return LayerGradient(
            input: input,
            parameters: [
                free.strictLowerElements, free.strictUpperElements, free.diagonalElements,
            ])
    }

    /// L below its diagonal, U above it, both row by row, and log|s|.
    public var parameters: [LayerParameter] {
        [
            LayerParameter(name: "lower", values: weight.lower.strictLowerElements),
            LayerParameter(name: "upper", values: weight.upper.strictUpperElements),
            LayerParameter(name: "log_abs_scale", values: weight.logAbsScale),
        ]
    }

    public mutating func setParameters(_ values: [[Double]]) {
        precondition(values.count == 3)
        weight = weight.replacing(lower: values[0], upper: values[1], logAbsScale: values[2])
    }
}
