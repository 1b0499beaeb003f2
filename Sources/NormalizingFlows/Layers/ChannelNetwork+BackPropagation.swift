import LinearAlgebra
import Statistics

extension ChannelNetwork {
    /// What the network makes of x (batch, inputs, m, n) at each position: (batch, outputs, m, n),
    /// and the inputs of each layer, channel-major, for `backPropagate`.
    func forward(_ x: Tensor) -> (output: Tensor, activations: [Tensor]) {
        var value = x.channelMajor, activations: [Tensor] = []
        for (index, layer) in layers.enumerated() {
            activations.append(value)
            value = value.mixingChannels(by: layer.weight, adding: layer.bias)
            if index < layers.count - 1 { activation.apply(to: &value.elements) }
        }
        return (value.imageMajor(as: x.shape.with(channels: outputs)), activations)
    }

    /// The gradient of ⟨gradient, output⟩ with respect to x and the parameters.
    func backPropagate(_ gradient: Tensor, through activations: [Tensor]) -> LayerGradient {
        var g = gradient.channelMajor, parameters: [[Double]] = []
        for (index, layer) in layers.enumerated().reversed() {
            let input = activations[index], positions = g.shape.columns
            var weight = Matrix(rows: layer.weight.rows, columns: layer.weight.columns)
            weight.addProduct(g.elements, transposed: input.elements, positions: positions)
            let bias = (0..<layer.bias.count).map { channel in
                g.elements[channel * positions..<(channel + 1) * positions].reduce(0, +)
            }
            parameters += [bias, weight.elements]
            g = g.mixingChannels(by: layer.weight.transposed)
            if index > 0 { activation.multiplySlope(at: input.elements, into: &g.elements) }
        }
        return LayerGradient(
            input: g.imageMajor(as: gradient.shape.with(channels: inputs)),
            parameters: parameters.reversed())
    }
}

extension ChannelNetwork.Activation {
    func apply(to values: inout [Double]) {
        switch self {
        case .tanh:
            values.withUnsafeMutableBufferPointer { buffer in
                ElementaryFunction.tanh.apply(to: UnsafeBufferPointer(buffer), into: buffer)
            }
        case .relu:
            for k in values.indices { values[k] = max(values[k], 0) }
        }
    }

    /// gradient ← gradient · the slope where the function's value is `values`.
    func multiplySlope(at values: [Double], into gradient: inout [Double]) {
        switch self {
        case .tanh:
            for k in gradient.indices { gradient[k] *= 1 - values[k] * values[k] }
        case .relu:
            for k in gradient.indices where values[k] <= 0 { gradient[k] = 0 }
        }
    }
}
