import NormalizingFlows
import Statistics
import Testing

/// A layer and the shape of a batch that it takes.
struct LayerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let layer: any FlowLayer
    let shape: TensorShape
    var testDescription: String { name }

    /// Numbers that no symmetry helps: normal, at a fixed seed.
    func batch(stream: UInt64 = 0) -> Tensor { normalTensor(shape, stream: stream) }
}

func normalTensor(_ shape: TensorShape, stream: UInt64) -> Tensor {
    Tensor(shape, elements: normals(shape.count, stream: stream))
}

func normals(_ count: Int, stream: UInt64) -> [Double] {
    NormalDistribution.standard.draws(count, from: Philox(seed: 5, stream: stream))
}

func network(
    _ inputs: Int, _ outputs: Int, hidden: [Int] = [4], activation: ChannelNetwork.Activation = .tanh,
    seed: UInt64 = 31
) -> ChannelNetwork {
    ChannelNetwork(
        inputs: inputs, hidden: hidden, outputs: outputs, activation: activation, outputGain: 0.6,
        using: Philox(seed: seed))
}

/// Every layer of the module in every form, in small sizes.
func everyLayer() throws -> [LayerCase] {
    let wide = TensorShape(batch: 2, channels: 3, rows: 2, columns: 3)
    let even = TensorShape(batch: 3, channels: 4, rows: 1, columns: 3)
    let handmade = try PLUWeight(
        permutation: [2, 0, 1], lower: [[1, 0, 0], [0.5, 1, 0], [-2, 0.25, 1]],
        upper: [[0, 1, -0.5], [0, 0, 3], [0, 0, 0]], scale: [-2, 0.5, 1.5])
    let rotation = PLUWeight(randomRotationOf: 2, using: Philox(seed: 8))
    func conditional(
        _ dependence: ConditionalInvertibleConvolution.Dependence, shift: Bool
    ) throws -> ConditionalInvertibleConvolution {
        try ConditionalInvertibleConvolution(
            base: rotation, network: network(2, shift ? 6 : 4), dependence: dependence)
    }
    let squeezed = TensorShape(batch: 2, channels: 1, rows: 4, columns: 2)
    let model = Flow([
        Squeeze(), InvertibleConvolution(PLUWeight(randomRotationOf: 4, using: Philox(seed: 9))),
        try AffineCoupling(.halves(of: 4), network: network(2, 4)),
        try conditional(.perPosition, shift: true),
        try DiagonalScaling(
            TensorShape(channels: 4, rows: 2, columns: 1), logFactors: normals(8, stream: 70)),
    ])
    return [
        LayerCase(
            name: "squeeze", layer: Squeeze(),
            shape: TensorShape(batch: 2, channels: 2, rows: 2, columns: 4)),
        LayerCase(
            name: "squeeze by 3", layer: Squeeze(factor: 3),
            shape: TensorShape(batch: 1, channels: 2, rows: 3, columns: 3)),
        LayerCase(
            name: "diagonal scaling",
            layer: try DiagonalScaling(wide, logFactors: normals(18, stream: 71)), shape: wide),
        LayerCase(
            name: "additive coupling",
            layer: try AdditiveCoupling(
                .halves(of: 3), network: network(1, 2)), shape: wide),
        LayerCase(
            name: "NICE's coupling",
            layer: try AdditiveCoupling(
                .interleaved(6, transforming: .first),
                network: network(3, 3, hidden: [5, 4], activation: .relu)),
            shape: TensorShape(batch: 3, channels: 6)),
        LayerCase(
            name: "affine coupling",
            layer: try AffineCoupling(
                .interleaved(4), network: network(2, 4, hidden: [3, 3])), shape: even),
        LayerCase(
            name: "affine coupling, linear network",
            layer: try AffineCoupling(
                .halves(of: 3, transforming: .first), network: network(2, 2, hidden: [])),
            shape: wide),
        LayerCase(
            name: "invertible convolution", layer: InvertibleConvolution(handmade), shape: wide),
        LayerCase(
            name: "one channel",
            layer: InvertibleConvolution(
                try PLUWeight(
                    permutation: [0], lower: [[1]], upper: [[0]], scale: [-0.5])),
            shape: TensorShape(batch: 2, channels: 1, rows: 3, columns: 1)),
        LayerCase(
            name: "random rotation",
            layer: InvertibleConvolution(PLUWeight(randomRotationOf: 5, using: Philox(seed: 1))),
            shape: TensorShape(batch: 2, channels: 5, rows: 1, columns: 3)),
        LayerCase(name: "pooled", layer: try conditional(.pooled, shift: false), shape: even),
        LayerCase(name: "pooled, shift", layer: try conditional(.pooled, shift: true), shape: even),
        LayerCase(name: "per position", layer: try conditional(.perPosition, shift: false), shape: even),
        LayerCase(
            name: "per position, shift", layer: try conditional(.perPosition, shift: true), shape: even),
        LayerCase(
            name: "per position, three channels",
            layer: try ConditionalInvertibleConvolution(
                base: handmade, network: network(3, 9), dependence: .perPosition),
            shape: TensorShape(batch: 2, channels: 6, rows: 2, columns: 1)),
        LayerCase(name: "flow", layer: model, shape: squeezed),
        LayerCase(name: "empty flow", layer: Flow([]), shape: wide),
    ]
}
