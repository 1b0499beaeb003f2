import RareEvents
import Statistics
import Testing

@Suite struct GamblersRuinTests {
    private func culprit(_ make: () throws -> GamblersRuin) -> String? {
        do {
            _ = try make()
            return nil
        } catch {
            return (error as? InvalidParameter)?.parameter
        }
    }

    @Test func defaultsAreRedAtRoulette() throws {
        let ruin = try GamblersRuin()
        #expect(ruin.winProbability == 18.0 / 37)
        #expect(ruin.start == 100 && ruin.goal == 200 && ruin.maximumGames == 600)
        #expect(ruin.outcomes.map(\.amount) == [-1, 1])
        #expect(ruin.fewestGames == 100 && ruin.isReachable)
    }

    @Test func errorsNameTheirParameter() {
        for p in [0, 1, -0.1, 1.1, .nan, .infinity] {
            #expect(culprit { try GamblersRuin(winProbability: p) } == "p")
        }
        #expect(culprit { try GamblersRuin(start: 0) } == "start")
        #expect(culprit { try GamblersRuin(start: -5) } == "start")
        #expect(culprit { try GamblersRuin(start: 200) } == "start")
        #expect(culprit { try GamblersRuin(start: 300) } == "start")
        #expect(culprit { try GamblersRuin(start: 1, goal: 0) } == "goal")
        #expect(culprit { try GamblersRuin(goal: .max) } == "goal")
        #expect(culprit { try GamblersRuin(maximumGames: 0) } == "k")
        #expect(culprit { try GamblersRuin(maximumGames: .max) } == "k")
        #expect(culprit { try GamblersRuin(outcomes: []) } == "outcomes")
        for probabilities in [[0.5, 0.4], [0.5, 0.6], [1, 0], [1.5, -0.5], [.nan, 0.5]] {
            let outcomes = zip([1, -1], probabilities).map { GamblersRuin.Outcome(amount: $0, probability: $1) }
            #expect(culprit { try GamblersRuin(outcomes: outcomes) } == "outcomes")
        }
        #expect(culprit { try GamblersRuin(outcomes: [.init(amount: .min, probability: 1)]) } == "outcomes")
    }

    @Test func outcomesMayComeInAnyOrderAndPieces() throws {
        let a = try GamblersRuin(outcomes: [
            .init(amount: 3, probability: 0.25), .init(amount: -1, probability: 0.5), .init(amount: 3, probability: 0.25),
        ])
        let b = try GamblersRuin(outcomes: [.init(amount: -1, probability: 0.5), .init(amount: 3, probability: 0.5)])
        #expect(a == b)
        #expect(a.largestWin == 3 && a.largestLoss == 1 && a.drift == 1)
        #expect(a.winProbability == nil)
    }

    @Test func reachKnowsTheLargestWin() throws {
        #expect(try Oracle.roulette(games: 3).isReachable)
        #expect(try Oracle.roulette(games: 2).isReachable == false)
        #expect(try GamblersRuin(maximumGames: 99).isReachable == false)
        #expect(try GamblersRuin(outcomes: [.init(amount: 0, probability: 1)]).fewestGames == nil)
    }
}
