/// Trades space for channels (Dinh, Sohl-Dickstein, Bengio, "Density estimation using Real NVP",
/// 2016, section 3.6): each `factor` × `factor` patch of a channel becomes factor² channels.
///
/// (c, f·m, f·n) → (c·f², m, n); channel k·f² + f·a + b of z at (i, j) is channel k of x at
/// (f·i + a, f·j + b), the order of PyTorch's `PixelUnshuffle`. A permutation: log|det| = 0.
public struct Squeeze: FlowLayer {
    /// f.
    public let factor: Int

    public init(factor: Int = 2) {
        precondition(factor >= 1)
        self.factor = factor
    }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        guard input.rows.isMultiple(of: factor), input.columns.isMultiple(of: factor) else {
            throw LayerError(
                "input",
                reason: "must have rows and columns in multiples of \(factor), not "
                    + "\(input.rows)×\(input.columns)")
        }
        return squeezed(input)
    }

    private func squeezed(_ shape: TensorShape) -> TensorShape {
        TensorShape(
            batch: shape.batch, channels: shape.channels * factor * factor,
            rows: shape.rows / factor, columns: shape.columns / factor)
    }

    private func unsqueezed(_ shape: TensorShape) -> TensorShape {
        precondition(shape.channels.isMultiple(of: factor * factor))
        return TensorShape(
            batch: shape.batch, channels: shape.channels / (factor * factor),
            rows: shape.rows * factor, columns: shape.columns * factor)
    }

    public func encode(_ x: Tensor) -> Encoding {
        precondition(
            x.shape.rows.isMultiple(of: factor) && x.shape.columns.isMultiple(of: factor))
        let shape = squeezed(x.shape)
        let z = Tensor(shape) { target in
            forEachPair(x.shape) { unsqueezed, squeezed in
                target[squeezed] = x.elements[unsqueezed]
            }
        }
        return Encoding(
            output: z, logAbsDetJacobian: Array(repeating: 0, count: shape.batch),
            trace: LayerTrace(input: x))
    }

    public func decode(_ z: Tensor) -> Decoding {
        Decoding(
            output: unsqueeze(z), logAbsDetJacobian: Array(repeating: 0, count: z.shape.batch))
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        // A permutation's transpose is its inverse.
        LayerGradient(input: unsqueeze(gradient), parameters: [])
    }

    private func unsqueeze(_ z: Tensor) -> Tensor {
        let shape = unsqueezed(z.shape)
        return Tensor(shape) { target in
            forEachPair(shape) { unsqueezed, squeezed in
                target[unsqueezed] = z.elements[squeezed]
            }
        }
    }

    /// Both places of each number, in the order of the unsqueezed ones.
    private func forEachPair(_ shape: TensorShape, _ body: (Int, Int) -> Void) {
        let m = shape.rows / factor, n = shape.columns / factor
        var place = 0
        for plane in 0..<shape.batch * shape.channels {
            for row in 0..<shape.rows {
                for column in 0..<shape.columns {
                    let channel = plane * factor * factor + row % factor * factor + column % factor
                    body(place, (channel * m + row / factor) * n + column / factor)
                    place += 1
                }
            }
        }
    }

    public var parameters: [LayerParameter] { [] }
    public mutating func setParameters(_ values: [[Double]]) { precondition(values.isEmpty) }
}
