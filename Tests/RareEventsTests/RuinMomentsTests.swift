import RareEvents
import Testing

@Suite struct RuinMomentsTests {
    private func parts(_ sampler: any WalkSampler) throws -> [RuinMoments] {
        try [0..<10, 10..<500, 500..<501, 501..<900].map {
            try sampler.simulate($0, seed: 2, firstStream: 0, check: {})
        }
    }

    @Test func mergingIsCommutativeAndAssociative() throws {
        let ruin = try GamblersRuin(start: 10, goal: 20, maximumGames: 50)
        let samplers: [any WalkSampler] = [ImportanceSampler(ruin, tilt: .none), try DoobTransform(ruin)]
        for sampler in samplers {
            let whole = try sampler.simulate(0..<900, seed: 2, firstStream: 0, check: {})
            for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
                let parts = try parts(sampler)
                var total = parts[order[0]]
                for index in order.dropFirst() { total.merge(parts[index]) }
                #expect(total == whole)
            }
            let parts = try parts(sampler)
            var left = parts[0], right = parts[2]
            left.merge(parts[1])
            right.merge(parts[3])
            left.merge(right)
            #expect(left == whole)
        }
    }

    @Test func mergedCountsStayInOrderAndUnique() throws {
        let a = RuinMoments(gamblers: 5, games: 9, hits: .counts([
            .init(event: .init(games: 2, position: 5), count: 1), .init(event: .init(games: 4, position: 6), count: 3),
        ]))
        let b = RuinMoments(gamblers: 7, games: 20, hits: .counts([
            .init(event: .init(games: 2, position: 6), count: 2), .init(event: .init(games: 4, position: 6), count: 1),
        ]))
        var both = a
        both.merge(b)
        #expect(both == RuinMoments(gamblers: 12, games: 29, hits: .counts([
            .init(event: .init(games: 2, position: 5), count: 1), .init(event: .init(games: 2, position: 6), count: 2),
            .init(event: .init(games: 4, position: 6), count: 4),
        ])))
        #expect(both.hitCount == 7)
    }
}
