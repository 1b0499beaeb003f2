import Benchmarks
import Testing

@Suite struct RuinBenchmarkTests {
    @Test func rowsSayWhatWasPlayed() async throws {
        let rows = await (try RuinBenchmark(seconds: 0.01)).measure(threads: 2)
        #expect(rows.map(\.threads) == [1, 1, 1, 2, 2, 2])
        let exact = 2.3883834506069734e-06
        for row in rows {
            #expect(row.gamblers > 0 && row.seconds > 0 && row.gamesPerSecond > 0)
            // About 527 games a gambler, whatever way they are drawn.
            #expect((Double(row.games) / Double(row.gamblers) - 527).magnitude < 20)
            if let estimate = row.estimate { #expect((estimate / exact - 1).magnitude < 0.2) }
        }
    }

    @Test func thePeersLinesAreRead() {
        let rows = RuinBenchmark.peerRows("plain\t3000\t1581234\t0.75\t2.4e-06\nnot a row\nNumPy\t6000\t3600000\t0.05\t2.3e-06\n")
        #expect(rows.map(\.name) == ["plain", "NumPy"])
        #expect(rows[1].gamesPerSecond == 7.2e7)
        #expect(rows[0].estimate == 2.4e-06)
        #expect(RuinBenchmark.peerScript.contains("def vectorized(numpy)"))
    }
}
