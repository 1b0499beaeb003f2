import RareEvents
import Statistics
import Testing

@Suite struct LimitStateShardsTests {
    /// Rare, with two ways to fail; common; of one variable; with a correlation.
    private static func problems() throws -> [LimitStateProblem] {
        try [
            ReliabilityCase("two ways", .nan, ReliabilityCase.normals(2)) { min(3.2 - $0[0], 3 + $0[1]) },
            ReliabilityCase("common", .nan, ReliabilityCase.normals(3)) { -2 - $0[0] + 0.2 * $0[1] * $0[2] },
            ReliabilityCase("one variable", .nan, ReliabilityCase.normals(1)) { 2.5 - $0[0] },
            ReliabilityCase(
                "correlated", .nan, [ExponentialDistribution.standard, NormalDistribution.standard],
                correlation: [[1, 0.5], [0.5, 1]]
            ) { 5 - $0[0] - $0[1] },
        ].map(\.problem)
    }

    private func report(
        _ problem: LimitStateProblem, _ method: LimitStateSpecification.Method, n: UInt64, shard: Shard? = nil,
        merging merged: LimitStateMoments? = nil, most: UInt64 = 60_000
    ) throws -> LimitStateReport {
        let specification = try LimitStateSpecification(
            method: method, extent: .draws(n), maximumEvaluations: most, seed: 8, shard: shard)
        let run = LimitStateRun(problem, specification, merging: merged)
        while let unit = run.nextUnit() { _ = run.complete(unit, try unit.perform()) }
        return try #require(run.report())
    }

    private static let methods: [LimitStateSpecification.Method] = [
        .auto, .naive, .importance, .crossEntropy, .directional,
    ]

    @Test(arguments: methods)
    func mergedShardsAreTheWholeRunToTheLastBit(method: LimitStateSpecification.Method) throws {
        for problem in try Self.problems() {
            let n: UInt64 = method == .directional ? 300 : 3001
            var whole = try report(problem, method, n: n)
            #expect(whole.moments == nil)
            whole.sample = []
            for count in [1, 2, 7] as [UInt64] {
                let shards = try (0..<count).reversed().map { index in
                    let shard = try Shard(index: index, count: count)
                    let moments = try #require(try report(problem, method, n: n, shard: shard).moments)
                    return (shard: shard, moments: moments)
                }
                let moments = try Shard.merge(shards, of: try #require(shards.first).moments.whole)
                #expect(moments.estimate == whole.estimate.value)
                var merged = try report(problem, method, n: n, merging: moments)
                let expected = try #require(merged.moments)
                #expect(expected.isLike(moments) && expected.whole == moments.whole)
                merged.moments = nil
                #expect(merged == whole, "\(method) in \(count)")
            }
        }
    }

    /// Where the evaluations allowed leave fewer draws than were asked for, shards know it before they draw.
    @Test func shardsOfARunThatIsCutShortMergeToo() throws {
        let problem = try Self.problems()[0]
        var whole = try report(problem, .importance, n: 15_000, most: 15_000)
        #expect(whole.draws < 15_000)
        whole.sample = []
        let shards = try (0..<3 as Range<UInt64>).map { index in
            let shard = try Shard(index: index, count: 3)
            return (
                shard: shard,
                moments: try #require(try report(problem, .importance, n: 15_000, shard: shard, most: 15_000).moments)
            )
        }
        let moments = try Shard.merge(shards, of: whole.draws)
        var merged = try report(problem, .importance, n: 15_000, merging: moments, most: 15_000)
        merged.moments = nil
        #expect(merged == whole)
    }

    @Test func whatCannotBeSplitIsRefusedByName() throws {
        let half = try Shard(index: 0, count: 2)
        func parameter(
            _ method: LimitStateSpecification.Method, _ extent: LimitStateSpecification.Extent, most: UInt64 = 60_000
        ) -> String? {
            do {
                _ = try LimitStateSpecification(
                    method: method, extent: extent, maximumEvaluations: most, seed: 1, shard: half)
                return nil
            } catch { return error.parameter }
        }
        #expect(parameter(.form, .draws(100)) == "shard" && parameter(.subset, .draws(100)) == "shard")
        for method in Self.methods {
            #expect(parameter(method, .draws(100)) == nil)
            #expect(parameter(method, .draws(1)) == "shard")
            #expect(parameter(method, .relativeError(0.1)) == "shard")
        }
        // A direction takes evaluations of its own, of which none may be missing.
        #expect(parameter(.directional, .draws(5000)) == "max_evaluations")
    }

    @Test func momentsOfAnotherKindDoNotMerge() throws {
        let problem = try Self.problems()[0]
        let halves = try (0...1).map { try Shard(index: $0, count: 2) }
        func moments(_ method: LimitStateSpecification.Method, _ index: Int, n: UInt64 = 200) throws
            -> LimitStateMoments
        {
            try #require(try report(problem, method, n: n, shard: halves[index]).moments)
        }
        let naive = try moments(.naive, 0)
        for other in try [moments(.importance, 1), moments(.directional, 1)] {
            #expect { try Shard.merge([(halves[0], naive), (halves[1], other)], of: 200) } throws: {
                ($0 as? ShardError)?.place == 1 && ($0 as? ShardError)?.part == .moments
            }
        }
        #expect(throws: ShardError.self) {
            try Shard.merge([(halves[0], naive), (halves[1], moments(.naive, 1, n: 202))], of: 200)
        }
    }
}
