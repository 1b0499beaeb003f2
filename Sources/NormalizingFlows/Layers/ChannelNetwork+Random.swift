import LinearAlgebra
import Statistics

extension ChannelNetwork {
    /// A network of random weights and biases of 0. Weights are normal with variance 1 over the
    /// number of inputs (LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998), so that
    /// activations neither die out nor saturate.
    ///
    /// - Parameters:
    ///   - hidden: the widths of the hidden layers; one linear map where it is empty.
    ///   - outputGain: what the last weights are multiplied by. With 0 the network says 0 at
    ///     first and its coupling starts as simple as it can be; all the same it learns.
    ///   - philox: the stream to draw from, from its first number on.
    public init(
        inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .tanh,
        outputGain: Double, using philox: Philox
    ) {
        precondition(inputs >= 1 && outputs >= 1 && hidden.allSatisfy { $0 >= 1 })
        let widths = [inputs] + hidden + [outputs]
        var drawn: UInt64 = 0
        let layers = (0...hidden.count).map { index in
            let rows = widths[index + 1], columns = widths[index]
            let gain = index == hidden.count ? outputGain : 1
            let deviation = gain / Double(columns).squareRoot()
            let draws = NormalDistribution.standard.draws(
                rows * columns, from: philox, at: drawn)
            drawn += UInt64(rows * columns)
            return Layer(
                weight: Matrix(
                    rows: rows, columns: columns, elements: draws.map { deviation * $0 }),
                bias: Array(repeating: 0, count: rows))
        }
        self.init(layers: layers, activation: activation)
    }
}
