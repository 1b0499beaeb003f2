import NormalizingFlows
import Statistics
import Testing

@Suite struct ChannelNetworkTests {
    static func make(
        _ layers: [(weight: [[Double]], bias: [Double])], outputs: Int? = nil
    ) throws -> ChannelNetwork {
        try ChannelNetwork(layers: layers, inputs: 2, outputs: outputs)
    }

    @Test func errorsNameTheCulprit() {
        func error(
            _ layers: [(weight: [[Double]], bias: [Double])], outputs: Int? = nil
        ) -> [String]? {
            do throws(LayerError) {
                _ = try ChannelNetwork(layers: layers, inputs: 2, outputs: outputs)
                return nil
            } catch { return error.path }
        }
        #expect(error([([[1, 2], [3, 4]], [0, 0]), ([[1, 1]], [5])]) == nil)
        #expect(error([]) == ["layers"])
        #expect(error([([], [])]) == ["layers", "0", "weight"])
        #expect(error([([[1, 2, 3]], [0])]) == ["layers", "0", "weight", "0"])
        #expect(error([([[1, 2], [1]], [0, 0])]) == ["layers", "0", "weight", "1"])
        #expect(error([([[1, 2]], [0]), ([[1, 2]], [0])]) == ["layers", "1", "weight", "0"])
        #expect(error([([[1, 2]], [0, 0])]) == ["layers", "0", "bias"])
        #expect(error([([[1, .nan]], [0])]) == ["layers", "0", "weight", "0", "1"])
        #expect(error([([[1, 2]], [.infinity])]) == ["layers", "0", "bias", "0"])
        #expect(error([([[1, 2]], [0])], outputs: 3) == ["layers", "0", "weight"])
    }

    /// Through a coupling, the only thing that shows a network's output.
    @Test func aNetworkIsLinearMapsWithTanhBetween() throws {
        let network = try Self.make([([[1, -2], [0.5, 3]], [0.1, 0]), ([[2, 1]], [-1])])
        let coupling = try AdditiveCoupling(.halves(of: 3, transforming: .first), network: network)
        let z = coupling.encode(
            Tensor(TensorShape(channels: 3, columns: 2), elements: [10, 20, 1, 2, 3, 4])
        ).output
        for (column, x) in [(0, (1.0, 3.0)), (1, (2.0, 4.0))] {
            let a = ElementaryFunction.tanh(x.0 - 2 * x.1 + 0.1)
            let b = ElementaryFunction.tanh(0.5 * x.0 + 3 * x.1)
            #expect(abs(z[0, 0, 0, column] - (10 * Double(column + 1) + 2 * a + b - 1)) < 1e-14)
        }
        #expect(z.elements[2...] == [1, 2, 3, 4])
    }

    @Test func aSeedDecidesTheWeightsAndTheirSpread() {
        func make(_ seed: UInt64) -> ChannelNetwork {
            ChannelNetwork(
                inputs: 50, hidden: [200], outputs: 3, outputGain: 0, using: Philox(seed: seed))
        }
        let network = make(3)
        #expect(network == make(3) && network != make(4))
        let weights = network.parameters[0].values
        // 10⁴ draws of variance 1/50: the variance of the estimate is 2/10⁴ of its square.
        let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
        #expect(abs(50 * variance - 1) < 5 * (2 / 1e4).squareRoot())
        #expect(network.parameters[2].values.allSatisfy { $0 == 0 })
    }

    @Test func aCouplingRefusesANetworkOfOtherSizes() {
        #expect(throws: LayerError("network", reason: "must map 2 channels to 1, not 1 to 2")) {
            try AdditiveCoupling(.halves(of: 3, transforming: .first), network: network(1, 2))
        }
        #expect(throws: LayerError("network", reason: "must map 2 channels to 4, not 2 to 2")) {
            try AffineCoupling(.interleaved(4), network: network(2, 2))
        }
    }
}
