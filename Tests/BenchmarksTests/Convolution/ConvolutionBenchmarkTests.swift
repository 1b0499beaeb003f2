import Benchmarks
import NormalizingFlows
import Testing

@Suite struct ConvolutionBenchmarkTests {
    @Test(arguments: ConvolutionBenchmark.Residence.allCases)
    func itCountsFiveTensorsOfTraffic(residence: ConvolutionBenchmark.Residence) {
        let shape = TensorShape(batch: 2, channels: 4, rows: 3, columns: 3)
        let result = ConvolutionBenchmark(shape: shape).measure(
            residence, turns: 3, footprint: 1 << 16)
        #expect(result.bytes == 5 * 72 * 8)
        #expect(result.residence == residence)
        #expect(result.forward > 0 && result.gradient > 0 && result.traffic > 0)
        #expect(result.ratio == (result.forward + result.gradient) / result.traffic)
    }

    @Test func theScriptBesideItIsNumPys() {
        #expect(ConvolutionBenchmark.peer.contains("np.einsum"))
    }
}
