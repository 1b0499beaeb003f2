import Benchmarks
import NormalizingFlows
import Testing

@Suite struct ConvolutionTableTests {
    @Test func oursAndThePeersRowsAreOneTable() {
        let benchmark = ConvolutionBenchmark(shape: TensorShape(batch: 2, channels: 4, rows: 3, columns: 3))
        let peers = ConvolutionBenchmark.peerRows(Array("NumPy 2.4 einsum\t0.001\t0.002\nnoise\n".utf8))
        #expect(peers.map(\.name) == ["NumPy 2.4 einsum"])
        let table = benchmark.table([benchmark.measure(.cache, rounds: 2)], peers).description
        #expect(table.contains("2×4×3×3 doubles") && table.contains("Riviera, batch in cache"))
        #expect(table.split(separator: "\n").last?.contains("3.00") == true)
    }
}
