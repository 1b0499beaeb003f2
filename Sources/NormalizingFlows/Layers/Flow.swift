/// Layers one after another; a layer itself. log|det| adds up over them.
public struct Flow: FlowLayer {
    /// In the order of `encode`.
    public var layers: [any FlowLayer]

    public init(_ layers: [any FlowLayer]) {
        self.layers = layers
    }

    public func outputShape(for input: TensorShape) throws(LayerError) -> TensorShape {
        var shape = input
        for (index, layer) in layers.enumerated() {
            do throws(LayerError) {
                shape = try layer.outputShape(for: shape)
            } catch {
                throw error.within("layers", "\(index)")
            }
        }
        return shape
    }

    public func encode(_ x: Tensor) -> Encoding {
        var value = x, total = [Double](repeating: 0, count: x.shape.batch)
        var trace = LayerTrace(input: x)
        for layer in layers {
            let step = layer.encode(value)
            value = step.output
            for n in total.indices { total[n] += step.logAbsDetJacobian[n] }
            trace.nested.append(step.trace)
        }
        return Encoding(output: value, logAbsDetJacobian: total, trace: trace)
    }

    public func decode(_ z: Tensor) -> Decoding {
        var value = z, total = [Double](repeating: 0, count: z.shape.batch)
        for layer in layers.reversed() {
            let step = layer.decode(value)
            value = step.output
            for n in total.indices { total[n] += step.logAbsDetJacobian[n] }
        }
        return Decoding(output: value, logAbsDetJacobian: total)
    }

    public func backPropagate(
        _ gradient: Tensor, logAbsDetWeights: [Double], through trace: LayerTrace
    ) -> LayerGradient {
        var value = gradient, parameters: [[[Double]]] = []
        for (layer, trace) in zip(layers, trace.nested).reversed() {
            let step = layer.backPropagate(
                value, logAbsDetWeights: logAbsDetWeights, through: trace)
            value = step.input
            parameters.append(step.parameters)
        }
        return LayerGradient(input: value, parameters: parameters.reversed().flatMap { $0 })
    }

    /// Those of all layers; names begin with the layer's index.
    public var parameters: [LayerParameter] {
        layers.enumerated().flatMap { index, layer in
            layer.parameters.map { LayerParameter(name: "\(index).\($0.name)", values: $0.values) }
        }
    }

    public mutating func setParameters(_ values: [[Double]]) {
        var first = 0
        for index in layers.indices {
            let count = layers[index].parameters.count
            layers[index].setParameters(Array(values[first..<first + count]))
            first += count
        }
        precondition(first == values.count)
    }
}
