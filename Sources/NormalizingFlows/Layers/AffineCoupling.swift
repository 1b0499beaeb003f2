import Statistics

/// An affine coupling layer (Dinh, Sohl-Dickstein, Bengio, "Real NVP", 2016, section 3.2): some
/// channels are kept, the others become z = x · e^σ + t, σ and t functions of the kept ones.
/// Its Jacobian is triangular, log|det| = Σ σ over the transformed numbers.
public struct AffineCoupling: FlowLayer {
    public let partition: ChannelPartition
    /// σ of each transformed channel, then t of each.
    public private(set) var network: ChannelNetwork

    /// - Parameter network: from as many channels as are kept to twice those transformed.
    public init(_ partition: ChannelPartition, network: ChannelNetwork) throws(LayerError) {
        try network.require(
            inputs: partition.kept.count, outputs: 2 * partition.transformed.count)
        self.partition = partition
        self.network = network
    }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        try partition.require(input)
        return input
    }

    /// σ and t of the network's output.
    private func parts(_ output: Tensor) -> (logScale: Tensor, shift: Tensor) {
        let count = partition.transformed.count
        return (
            output.selecting(channels: Array(0..<count)),
            output.selecting(channels: Array(count..<2 * count))
        )
    }

    /// ± the sum over each image.
    private func sums(_ logScale: Tensor, sign: Double) -> [Double] {
        let size = logScale.shape.imageSize
        return (0..<logScale.shape.batch).map { image in
            sign * logScale.elements[image * size..<(image + 1) * size].reduce(0, +)
        }
    }

    public func encode(_ x: Tensor) -> Encoding {
        var (kept, moved) = partition.split(x)
        let (output, activations) = network.forward(kept)
        let (logScale, shift) = parts(output)
        let scale = Tensor(logScale.shape, elements: ElementaryFunction.exp(logScale.elements))
        for k in moved.elements.indices {
            moved.elements[k] = moved.elements[k] * scale.elements[k] + shift.elements[k]
        }
        return Encoding(
            output: partition.join(kept: kept, transformed: moved),
            logAbsDetJacobian: sums(logScale, sign: 1),
            trace: LayerTrace(input: x, intermediates: activations + [scale]))
    }

    public func decode(_ z: Tensor) -> Decoding {
        var (kept, moved) = partition.split(z)
        let (logScale, shift) = parts(network.forward(kept).output)
        let scale = ElementaryFunction.exp(logScale.elements)
        for k in moved.elements.indices {
            moved.elements[k] = (moved.elements[k] - shift.elements[k]) / scale[k]
        }
        return Decoding(
            output: partition.join(kept: kept, transformed: moved),
            logAbsDetJacobian: sums(logScale, sign: -1))
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        var (kept, moved) = partition.split(gradient)
        let x = trace.input.selecting(channels: partition.transformed)
        let scale = trace.intermediates[trace.intermediates.count - 1]
        let size = moved.shape.imageSize
        // ∂z/∂σ = x e^σ and ∂z/∂t = 1.
        let outputGradient = Tensor(kept.shape.with(channels: network.outputs)) { target in
            for image in 0..<moved.shape.batch {
                for k in 0..<size {
                    let g = moved.elements[image * size + k]
                    let slope = x.elements[image * size + k] * scale.elements[image * size + k]
                    target[2 * image * size + k] = g * slope + logAbsDetWeights[image]
                    target[(2 * image + 1) * size + k] = g
                }
            }
        }
        let inner = network.backPropagate(
            outputGradient, through: trace.intermediates.dropLast())
        for k in kept.elements.indices { kept.elements[k] += inner.input.elements[k] }
        for k in moved.elements.indices { moved.elements[k] *= scale.elements[k] }
        return LayerGradient(
            input: partition.join(kept: kept, transformed: moved), parameters: inner.parameters)
    }

    public var parameters: [LayerParameter] { network.parameters }
    public mutating func setParameters(_ values: [[Double]]) { network.setParameters(values) }
}
