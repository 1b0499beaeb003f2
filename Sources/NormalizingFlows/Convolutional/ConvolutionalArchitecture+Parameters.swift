import Statistics

extension ConvolutionalArchitecture {
    /// Where the numbers of a step lie among the parameters, by their index in `tensors`.
    package struct StepTensors: Sendable {
        /// L without its diagonal of ones and U without its diagonal, (depth, depth); entries on the other side of the
        /// diagonal are 0 and have the gradient 0.
        package let lower, upper: Int
        /// log s and the bias after the convolution, (depth).
        package let logScale, bias: Int
        /// 3×3: (taps · kept, hidden). Row tap · kept + j is of channel j of the neighbour that `Grid.gather` puts there.
        package let inWeight: Int
        /// What the features add to it, (features, hidden); nil where there are none.
        package let featureWeight: Int?
        package let inBias: Int
        /// 1×1: (hidden, hidden).
        package let midWeight, midBias: Int
        /// Affine: 3×3, (hidden, taps · 2 · moved). Column tap · 2 · moved + j is what the position adds to output j of the
        /// neighbour of `Grid.scatter`; the first `moved` outputs are log-scales, the others shifts.
        /// Spline: 1×1, (hidden, outputs · moved). Column q · moved + j is output q of number j.
        package let outWeight, outBias: Int
    }

    /// Where the numbers of the conditioner lie.
    package struct ConditionerTensors: Sendable {
        /// 3×3 on the known pixels and the mask: (taps · 2 · depth, features).
        package let inWeight, inBias: Int
        /// Of each residual block: 3×3 (taps · features, features), then 1×1 (features, features).
        package let blocks: [(firstWeight: Int, firstBias: Int, secondWeight: Int, secondBias: Int)]
    }

    /// All parameters, and where each step and the conditioner have theirs.
    package struct Layout: Sendable {
        package private(set) var tensors: [ParameterTensor] = []
        package private(set) var steps: [StepTensors] = []
        package private(set) var conditioner: ConditionerTensors?
        /// Numbers in the array of all parameters.
        package private(set) var span = 0

        package init(_ architecture: ConvolutionalArchitecture) {
            let depth = architecture.depth, hidden = architecture.hidden, features = architecture.features
            let taps = architecture.taps
            if let sizes = architecture.conditioner {
                let inWeight = weight("conditioner.in.weight", taps * 2 * depth, features)
                let inBias = vector("conditioner.in.bias", features)
                let blocks = (0..<sizes.blocks).map { block in
                    let name = "conditioner.blocks.\(block)"
                    return (
                        weight("\(name).first.weight", taps * features, features),
                        vector("\(name).first.bias", features),
                        weight("\(name).second.weight", features, features), vector("\(name).second.bias", features)
                    )
                }
                conditioner = ConditionerTensors(inWeight: inWeight, inBias: inBias, blocks: blocks)
            }
            let outputs = architecture.outputs * architecture.moved
            let (outTaps, interleave) = architecture.coupling == .affine ? (taps, 1) : (1, architecture.outputs)
            for step in 0..<architecture.steps {
                let name = "steps.\(step)"
                steps.append(
                    StepTensors(
                        lower: square("\(name).lower", depth), upper: square("\(name).upper", depth),
                        logScale: vector("\(name).log_scale", depth), bias: vector("\(name).bias", depth),
                        inWeight: weight("\(name).in.weight", taps * architecture.kept, hidden),
                        featureWeight: features > 0 ? weight("\(name).features.weight", features, hidden) : nil,
                        inBias: vector("\(name).in.bias", hidden),
                        midWeight: weight("\(name).mid.weight", hidden, hidden),
                        midBias: vector("\(name).mid.bias", hidden),
                        outWeight: weight("\(name).out.weight", hidden, outTaps * outputs, interleave),
                        outBias: vector("\(name).out.bias", outputs, interleave)))
            }
        }

        private mutating func add(
            _ name: String, shape: [Int], rows: Int, columns: Int, isWeight: Bool, interleave: Int = 1
        ) -> Int {
            let tensor = ParameterTensor(
                name: name, shape: shape, rows: rows, columns: columns, stride: (columns + 15) / 16 * 16, offset: span,
                isTransposed: isWeight, decays: isWeight, interleave: interleave)
            tensors.append(tensor)
            span += tensor.span
            return tensors.count - 1
        }

        private mutating func weight(_ name: String, _ inputs: Int, _ outputs: Int, _ interleave: Int = 1) -> Int {
            add(
                name, shape: [outputs, inputs], rows: inputs, columns: outputs, isWeight: true, interleave: interleave)
        }

        private mutating func square(_ name: String, _ count: Int) -> Int {
            add(name, shape: [count, count], rows: count, columns: count, isWeight: false)
        }

        private mutating func vector(_ name: String, _ count: Int, _ interleave: Int = 1) -> Int {
            add(name, shape: [count], rows: 1, columns: count, isWeight: false, interleave: interleave)
        }
    }

    /// Of each step: number i after the permutation was number `permutations[step][i]` before it.
    package var permutations: [[Int]] {
        (0..<steps).map { step in
            var generator = PhiloxGenerator(Philox(seed: permutationSeed, stream: UInt64(step)))
            return (0..<depth).shuffled(using: &generator)
        }
    }
}
