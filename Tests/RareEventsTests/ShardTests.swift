import RareEvents
import Statistics
import Testing

@Suite struct ShardTests {
    @Test func slicesTileTheRun() throws {
        for n in [1, 7, 1000, 1_000_000_000_000] as [UInt64] {
            for count in [1, 2, 3, 7, 16] as [UInt64] {
                var next: UInt64 = 0
                for index in 0..<count {
                    let slice = try Shard(index: index, count: count).gamblers(of: n)
                    #expect(slice.lowerBound == next)
                    let size = UInt64(slice.count)
                    #expect(size == n / count || size == n / count + 1)
                    next = slice.upperBound
                }
                #expect(next == n)
            }
        }
        #expect(Shard.whole.gamblers(of: 42) == 0..<42)
    }

    @Test func mergedShardsAreTheUnshardedRunToTheLastBit() throws {
        let n: UInt64 = 5000
        for method in RuinPlan.Method.allCases {
            let plan = try RuinPlan(GamblersRuin(start: 20, goal: 30, maximumGames: 60), method: method, seed: 12)
            let whole = plan.report(try plan.simulate(0..<n))
            for count in [1, 2, 7, 16] as [UInt64] {
                var shards: [(shard: Shard, moments: RuinMoments)] = []
                for index in (0..<count).reversed() {
                    let shard = try Shard(index: index, count: count)
                    shards.append((shard, try plan.simulate(shard.gamblers(of: n))))
                }
                #expect(plan.report(try Shard.merge(shards, of: n)) == whole)
            }
        }
    }

    @Test func wrongShardsAreNamed() throws {
        let plan = try RuinPlan(GamblersRuin(start: 2, goal: 4, maximumGames: 5), seed: 1)
        func shard(_ index: UInt64, _ count: UInt64, of n: UInt64 = 100) throws -> (shard: Shard, moments: RuinMoments)
        {
            let shard = try Shard(index: index, count: count)
            return (shard, try plan.simulate(shard.gamblers(of: n)))
        }
        let doob = try RuinPlan(plan.ruin, method: .zeroVariance, seed: 1)
        let (a, b, c) = (try shard(0, 3), try shard(1, 3), try shard(2, 3))
        let wrong: [(shards: [(shard: Shard, moments: RuinMoments)], place: Int?, part: ShardError.Part)] = [
            ([], nil, .shard), ([a, b], nil, .shard), ([a, b, b], 2, .shard), ([a, b, c, c], 3, .shard),
            ([a, b, try shard(2, 4)], 2, .shard), ([a, b, try shard(2, 3, of: 200)], 2, .count),
            ([a, b, (c.shard, try doob.simulate(c.shard.gamblers(of: 100)))], 2, .moments),
        ]
        for (shards, place, part) in wrong {
            #expect { try Shard.merge(shards, of: 100) } throws: {
                ($0 as? ShardError)?.place == place && ($0 as? ShardError)?.part == part
            }
        }
        #expect(try Shard.merge([c, a, b], of: 100).gamblers == 100)
        #expect(throws: InvalidParameter.self) { try Shard(index: 3, count: 3) }
        #expect(throws: InvalidParameter.self) { try Shard(index: 0, count: 0) }
    }
}
