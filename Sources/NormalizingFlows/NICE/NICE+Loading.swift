import LinearAlgebra

extension NICE {
    /// Packs a model from tensors by PyTorch's names and shapes: weights (out, in), biases (out),
    /// `scaling.scale` (1, D).
    package convenience init(
        architecture: NICEArchitecture, precision: Precision, trainingMean: [Float]?,
        weights: (String) -> WeightSource, vector: (String) -> [Float]
    ) {
        let half = architecture.dimension / 2, width = architecture.width
        let couplings = (0..<architecture.couplings).map { index in
            let prefix = "coupling.\(index)"
            var names = ["\(prefix).in_block.0"]
            names += (0..<architecture.hiddenLayers - 1).map { "\(prefix).mid_block.\($0).0" }
            names.append("\(prefix).out_block")
            let layers = names.enumerated().map { level, name in
                PackedLinear(
                    inputs: level == 0 ? half : width,
                    outputs: level == names.count - 1 ? half : width,
                    weight: weights("\(name).weight"), bias: vector("\(name).bias"),
                    precision: precision,
                    keepsTransposed: level < CouplingNetwork.transposedLayers
                        && level < names.count - 1)
            }
            return AdditiveCoupling(
                transformed: index % 2 == 0 ? .even : .odd,
                network: CouplingNetwork(layers: layers))
        }
        self.init(
            architecture: architecture, precision: precision, trainingMean: trainingMean,
            couplings: couplings,
            scaling: DiagonalScaling(logFactors: vector("scaling.scale")))
    }
}
