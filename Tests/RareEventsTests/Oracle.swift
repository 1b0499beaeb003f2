import RareEvents

/// A slow and simple check of everything: the law of the hitting event by a dictionary of
/// fortunes, for any probabilities of the outcomes.
enum Oracle {
    static func hittingLaw(_ ruin: GamblersRuin, probabilities: [Double]? = nil) -> [HittingEvent: Double] {
        let steps = zip(ruin.outcomes, probabilities ?? ruin.outcomes.map(\.probability)).map { ($0.amount, $1) }
        var alive: [Int64: Double] = [ruin.start: 1]
        var law: [HittingEvent: Double] = [:]
        for games in 1...ruin.maximumGames {
            var next: [Int64: Double] = [:]
            // In order of fortunes: a dictionary's own order changes from run to run.
            for (fortune, mass) in alive.sorted(by: { $0.key < $1.key }) {
                for (amount, probability) in steps {
                    let there = fortune + amount
                    if there >= ruin.goal {
                        law[HittingEvent(games: games, position: there), default: 0] += mass * probability
                    } else if there > 0 {
                        next[there, default: 0] += mass * probability
                    }
                }
            }
            alive = next
        }
        return law
    }

    static func probability(_ ruin: GamblersRuin) -> Double {
        hittingLaw(ruin).sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    }

    /// 35 for 1 on a number, or what a number loses.
    static func roulette(start: Int64 = 100, goal: Int64 = 200, games: UInt64 = 300) throws -> GamblersRuin {
        try GamblersRuin(
            outcomes: [.init(amount: 35, probability: 1.0 / 37), .init(amount: -1, probability: 36.0 / 37)],
            start: start, goal: goal, maximumGames: games)
    }

    /// Games of every kind that the kernels tell apart.
    static func variety() throws -> [GamblersRuin] {
        [
            try GamblersRuin(),
            try GamblersRuin(winProbability: 0.5, start: 3, goal: 7, maximumGames: 40),
            try GamblersRuin(winProbability: 0.7, start: 1, goal: 2, maximumGames: 1),
            try roulette(),
            // With a draw, two sizes of win, and a start near ruin.
            try GamblersRuin(
                outcomes: [
                    .init(amount: -2, probability: 0.4), .init(amount: 0, probability: 0.25),
                    .init(amount: 1, probability: 0.25), .init(amount: 5, probability: 0.1),
                ], start: 12, goal: 90, maximumGames: 150),
            // Blocks of thousands of games: the wide tables.
            try GamblersRuin(winProbability: 0.499, start: 5000, goal: 10_000, maximumGames: 200_000),
            // Stakes too far apart for a lattice: game by game.
            try GamblersRuin(
                outcomes: [
                    .init(amount: -1, probability: 0.6), .init(amount: 2, probability: 0.3999),
                    .init(amount: 100_000, probability: 0.0001),
                ], start: 40, goal: 80, maximumGames: 200),
            // Nothing loses; nothing wins; nothing happens by chance.
            try GamblersRuin(
                outcomes: [.init(amount: 0, probability: 0.75), .init(amount: 2, probability: 0.25)],
                start: 1, goal: 8, maximumGames: 12),
            try GamblersRuin(
                outcomes: [.init(amount: 0, probability: 0.5), .init(amount: -3, probability: 0.5)],
                start: 10, goal: 12, maximumGames: 9),
            try GamblersRuin(outcomes: [.init(amount: 1, probability: 1)], start: 2, goal: 6, maximumGames: 10),
        ]
    }
}
