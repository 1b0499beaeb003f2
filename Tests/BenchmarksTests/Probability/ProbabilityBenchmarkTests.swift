import Benchmarks
import RareEvents
import Testing

@Suite struct ProbabilityBenchmarkTests {
    @Test func rowsCompareWithTheTruth() throws {
        let linear = try #require(ReliabilityProblem.all.first { $0.name == "R-S" })
        let rows = try ProbabilityBenchmark(seeds: 3).measure([.naive, .form], on: [linear])
        #expect(rows.map(\.method) == ["naive", "form"])
        for row in rows {
            #expect(abs(row.ratio - 1) < 0.2)
            #expect(row.evaluations > 0 && row.evaluations <= 100_000 && row.rate > 0)
        }
        // A plane limit state of normal inputs is FORM's own case.
        #expect(abs(rows[1].ratio - 1) < 1e-6)
        #expect(rows[1].coverage == nil)
        #expect(rows[0].coverage != nil)
    }

    @Test func everyProblemCanBeEvaluated() throws {
        #expect(Set(ReliabilityProblem.all.map(\.name)).count == 13)
        let speeds = try ProbabilityBenchmark(seconds: 0.001).measureSpeed()
        #expect(speeds.map(\.problem) == ["RP8", "RP38", "four-branch"])
        #expect(speeds.allSatisfy { $0.rate > 0 })
        #expect(try ProbabilityBenchmark(seeds: 1).measure([.form]).count == 13)
    }

    @Test func thePeersLinesAreRead() {
        let (rows, speeds) = ProbabilityBenchmark.peerRows(
            "speed\tRP8\tNumPy\t1e8\nrow\tRP8\tOpenTURNS FORM\t0.98\t\t21\t500\nnot a row\n"
                + "row\tRP8\tOpenTURNS subset\t1.1\t0.5\t30000\t2e5\n")
        #expect(speeds == [.init(problem: "RP8", name: "NumPy", rate: 1e8)])
        #expect(rows.map(\.method) == ["OpenTURNS FORM", "OpenTURNS subset"])
        #expect(rows.map(\.coverage) == [nil, 0.5])
        let table = "\(ProbabilityBenchmark.table(rows))"
        #expect(table.contains("| RP8, OpenTURNS subset |") && table.contains("50.0 %"))
        #expect(ProbabilityBenchmark.peerScript.contains("import openturns"))
        let arguments = ProbabilityBenchmark(seconds: 2, seeds: 5).peerArguments(estimating: true)
        #expect(arguments.prefix(3) == ["-", "2.0", "5"])
        #expect(arguments.count == 3 + 13 + 1 + 3)
    }
}
