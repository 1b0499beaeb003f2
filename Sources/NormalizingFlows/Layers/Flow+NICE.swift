import LinearAlgebra

extension Flow {
    /// A NICE model in double precision, for training: additive couplings of neighbouring
    /// pixels with ReLU networks, then a diagonal scaling, on tensors (batch, D, 1, 1). `NICE` is
    /// the same map packed for serving.
    ///
    /// Its `parameters` are in the order of `architecture.parameters`, number for number.
    ///
    /// - Parameter values: the numbers of a parameter by PyTorch's name, row by row; as
    ///   many as the architecture says.
    /// - Throws: `LayerError` where a scale is not finite.
    public init(
        _ architecture: NICEArchitecture, parameters values: (String) -> [Double]
    ) throws(LayerError) {
        var layers: [any FlowLayer] = []
        for index in 0..<architecture.couplings {
            let network = ChannelNetwork(
                layers: architecture.layers(of: index).map { layer in
                    ChannelNetwork.Layer(
                        weight: Matrix(
                            rows: layer.outputs, columns: layer.inputs,
                            elements: values("\(layer.name).weight")),
                        bias: values("\(layer.name).bias"))
                }, activation: .relu)
            let partition = ChannelPartition.interleaved(
                architecture.dimension, transforming: architecture.transformed(by: index) == .even ? .first : .second)
            layers.append(try AdditiveCoupling(partition, network: network))
        }
        layers.append(
            try DiagonalScaling(
                TensorShape(channels: architecture.dimension),
                logFactors: values(NICEArchitecture.scaleName)))
        self.init(layers)
    }
}
