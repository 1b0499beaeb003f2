import Statistics

/// The diagonal scaling layer (NICE, section 3.3): z_k = x_k · e^{s_k} for each number k of an
/// image, log|det| = Σ s.
public struct DiagonalScaling: FlowLayer {
    /// The images that it scales; its batch is 1.
    public let shape: TensorShape
    /// s, one an image's number in the order of `Tensor`.
    public private(set) var logFactors: [Double]
    private var factors: [Double]
    private var inverseFactors: [Double]

    /// - Parameters:
    ///   - shape: the images' shape, of any batch.
    ///   - logFactors: s; all 0 (the identity) where it is nil.
    public init(_ shape: TensorShape, logFactors: [Double]? = nil) throws(LayerError) {
        let s = logFactors ?? Array(repeating: 0, count: shape.imageSize)
        guard s.count == shape.imageSize else {
            throw LayerError(
                "log_factors", reason: "must have \(shape.imageSize) numbers, not \(s.count)")
        }
        try s.requireFinite("log_factors")
        self.shape = TensorShape(
            channels: shape.channels, rows: shape.rows, columns: shape.columns)
        self.logFactors = s
        factors = ElementaryFunction.exp(s)
        inverseFactors = ElementaryFunction.exp(s.map { -$0 })
    }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        guard fits(input) else {
            throw LayerError("input", reason: "must have images of \(shape), not \(input)")
        }
        return input
    }

    private func fits(_ input: TensorShape) -> Bool {
        (input.channels, input.rows, input.columns) == (shape.channels, shape.rows, shape.columns)
    }

    private func multiplied(_ x: Tensor, by factors: [Double]) -> Tensor {
        precondition(fits(x.shape))
        return Tensor(x.shape) { target in
            for first in stride(from: 0, to: x.shape.count, by: max(factors.count, 1)) {
                for k in factors.indices { target[first + k] = x.elements[first + k] * factors[k] }
            }
        }
    }

    private func logAbsDetJacobian(_ batch: Int, sign: Double) -> [Double] {
        Array(repeating: sign * logFactors.reduce(0, +), count: batch)
    }

    public func encode(_ x: Tensor) -> Encoding {
        Encoding(
            output: multiplied(x, by: factors),
            logAbsDetJacobian: logAbsDetJacobian(x.shape.batch, sign: 1),
            trace: LayerTrace(input: x))
    }

    public func decode(_ z: Tensor) -> Decoding {
        Decoding(
            output: multiplied(z, by: inverseFactors),
            logAbsDetJacobian: logAbsDetJacobian(z.shape.batch, sign: -1))
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        let input = multiplied(gradient, by: factors)
        // ∂z_k/∂s_k = z_k, and Σ s has slope 1 in each.
        let weight = logAbsDetWeights.reduce(0, +)
        var slopes = [Double](repeating: weight, count: factors.count)
        for image in 0..<gradient.shape.batch {
            let first = image * factors.count
            for k in factors.indices {
                slopes[k] += input.elements[first + k] * trace.input.elements[first + k]
            }
        }
        return LayerGradient(input: input, parameters: [slopes])
    }

    public var parameters: [LayerParameter] {
        [LayerParameter(name: "log_factors", values: logFactors)]
    }

    public mutating func setParameters(_ values: [[Double]]) {
        precondition(values.count == 1 && values[0].count == logFactors.count)
        logFactors = values[0]
        factors = ElementaryFunction.exp(logFactors)
        inverseFactors = ElementaryFunction.exp(logFactors.map { -$0 })
    }
}
