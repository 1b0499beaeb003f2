import RareEvents
import Statistics
import Testing

@Suite struct RuinMomentsTests {
    private func parts(_ sampler: any WalkSampler) -> [RuinMoments] {
        [0..<10, 10..<500, 500..<501, 501..<900].map {
            sampler.simulate($0, seed: 2, check: {})
        }
    }

    @Test func mergingIsCommutativeAndAssociative() throws {
        let ruin = try GamblersRuin(start: 10, goal: 20, maximumGames: 50)
        let samplers: [any WalkSampler] = [ImportanceSampler(ruin, tilt: .none), try DoobTransform(ruin)]
        for sampler in samplers {
            let whole = sampler.simulate(0..<900, seed: 2, check: {})
            for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
                let parts = parts(sampler)
                var total = parts[order[0]]
                for index in order.dropFirst() { total.merge(parts[index]) }
                #expect(total == whole)
            }
            let parts = parts(sampler)
            var left = parts[0], right = parts[2]
            left.merge(parts[1])
            right.merge(parts[3])
            left.merge(right)
            #expect(left == whole)
        }
    }

    @Test func mergedCountsStayInOrderAndUnique() throws {
        let a = RuinMoments(
            gamblers: 5, games: 9,
            hits: .counts([
                .init(event: .init(games: 2, position: 5), count: 1),
                .init(event: .init(games: 4, position: 6), count: 3),
            ]))
        let b = RuinMoments(
            gamblers: 7, games: 20,
            hits: .counts([
                .init(event: .init(games: 2, position: 6), count: 2),
                .init(event: .init(games: 4, position: 6), count: 1),
            ]))
        var both = a
        both.merge(b)
        #expect(
            both
                == RuinMoments(
                    gamblers: 12, games: 29,
                    hits: .counts([
                        .init(event: .init(games: 2, position: 5), count: 1),
                        .init(event: .init(games: 2, position: 6), count: 2),
                        .init(event: .init(games: 4, position: 6), count: 4),
                    ])))
        #expect(both.hitCount == 7)
    }
}

extension RuinMomentsTests {
    /// Stakes without a common divisor lead to as many events as gamblers, which are not kept without bound.
    @Test func theNumberOfDistinctEventsIsBounded() throws {
        func moments(_ events: Int) -> RuinMoments {
            RuinMoments(
                gamblers: UInt64(events), games: UInt64(events),
                hits: .counts(
                    (1...events).map { .init(event: HittingEvent(games: UInt64($0), position: 200), count: 1) }))
        }
        try moments(RuinMoments.mostEvents).requireFewEvents()
        let error = #expect(throws: InvalidParameter.self) {
            try moments(RuinMoments.mostEvents + 1).requireFewEvents()
        }
        #expect(error?.parameter == "n")
    }

    /// Sums that only a forged shard can have.
    @Test func sumsBeyond128BitsAreReported() throws {
        let plan = try RuinPlan(GamblersRuin(start: 5, goal: 9), method: .zeroVariance, seed: 1)
        let report = plan.report(
            RuinMoments(
                gamblers: 1 << 48, games: 1 << 50,
                hits: .relativeSums(hits: 1 << 48, sum: 1 << 67, squares: 1 << 88)))
        #expect(report.estimate.value.isFinite && report.confidenceInterval.upper <= 1)
    }
}
