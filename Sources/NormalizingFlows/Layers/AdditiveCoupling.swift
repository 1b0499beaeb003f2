/// An additive coupling layer (Dinh, Krueger, Bengio, "NICE", 2014, section 3.2): some channels
/// are kept, the others move by m of the kept ones. Its Jacobian is unit triangular, so
/// log|det| = 0.
public struct AdditiveCoupling: FlowLayer {
    public let partition: ChannelPartition
    /// m.
    public private(set) var network: ChannelNetwork

    /// - Parameter network: from as many channels as are kept to as many as are transformed.
    public init(_ partition: ChannelPartition, network: ChannelNetwork) throws(LayerError) {
        try network.require(
            inputs: partition.kept.count, outputs: partition.transformed.count)
        self.partition = partition
        self.network = network
    }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        try partition.require(input)
        return input
    }

    public func encode(_ x: Tensor) -> Encoding {
        var (kept, moved) = partition.split(x)
        let (shift, activations) = network.forward(kept)
        for k in moved.elements.indices { moved.elements[k] += shift.elements[k] }
        return Encoding(
            output: partition.join(kept: kept, transformed: moved),
            logAbsDetJacobian: Array(repeating: 0, count: x.shape.batch),
            trace: LayerTrace(input: x, intermediates: activations))
    }

    public func decode(_ z: Tensor) -> Decoding {
        var (kept, moved) = partition.split(z)
        let shift = network.forward(kept).output
        for k in moved.elements.indices { moved.elements[k] -= shift.elements[k] }
        return Decoding(
            output: partition.join(kept: kept, transformed: moved),
            logAbsDetJacobian: Array(repeating: 0, count: z.shape.batch))
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        var (kept, moved) = partition.split(gradient)
        let inner = network.backPropagate(moved, through: trace.intermediates)
        for k in kept.elements.indices { kept.elements[k] += inner.input.elements[k] }
        return LayerGradient(
            input: partition.join(kept: kept, transformed: moved), parameters: inner.parameters)
    }

    public var parameters: [LayerParameter] { network.parameters }
    public mutating func setParameters(_ values: [[Double]]) { network.setParameters(values) }
}

extension ChannelNetwork {
    /// Throws `LayerError` where the network joins other numbers of channels.
    func require(inputs: Int, outputs: Int) throws(LayerError) {
        guard self.inputs == inputs, self.outputs == outputs else {
            throw LayerError(
                "network",
                reason: "must map \(inputs) channels to \(outputs), not \(self.inputs) to "
                    + "\(self.outputs)")
        }
    }
}
