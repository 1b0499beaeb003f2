import RareEvents

/// How fast gamblers play, in one table: with blocks of games, game by game, by the plain
/// C reference, against the time that the random bits alone take, and beside NumPy and
/// plain Python (`peerScript`) in the same run.
package struct RuinBenchmark: Sendable {
    /// The fastest of many short rounds: other work on the machine only ever slows one.
    package struct Row: Sendable {
        package var name: String
        package var threads: Int
        /// Of the fastest round.
        package var gamblers: UInt64
        /// That they really played: until each stopped.
        package var games: UInt64
        package var seconds: Double
        /// By the gamblers of all rounds; `nil` where nothing is estimated.
        package var estimate: Double?

        package var gamesPerSecond: Double { Double(games) / seconds }
    }

    /// Red at roulette, 100 to 200 in at most 600 games, importance sampled.
    let plan: RuinPlan
    let oneByOne: ImportanceSampler
    let seconds: Double

    /// - Parameter seconds: of each measurement, about.
    package init(seconds: Double = 1) throws {
        let ruin = try GamblersRuin()
        plan = try RuinPlan(ruin, seed: 1)
        oneByOne = ImportanceSampler(ruin, tilt: plan.tilt, longestBlock: 1)
        self.seconds = seconds
    }

    /// The win probability that everybody samples from.
    package var winProbability: Double { plan.tilt.winProbability ?? plan.ruin.outcomes[1].probability }

    /// The peers, for `python3 - q seconds`: one tab-separated line each on standard output.
    package static var peerScript: String { String(decoding: PackageResources.ruin_numpy_py, as: UTF8.self) }

    /// Riviera's own rows, with one thread and with `threads`.
    package func measure(threads: Int) async -> [Row] {
        var rows: [Row] = []
        let blockwise = ImportanceSampler(plan.ruin, tilt: plan.tilt)
        for count in Set([1, threads]).sorted() {
            rows.append(await measure("Riviera, blocks of games", count, blockwise))
            rows.append(await measure("Riviera, game by game", count, oneByOne))
            rows.append(await measureRandomBits("the random bits of the blocks alone", count, blockwise))
        }
        return rows
    }

    /// Reads what `peerScript` printed.
    package static func peerRows(_ output: String) -> [Row] {
        output.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t")
            guard fields.count == 5, let gamblers = UInt64(fields[1]), let games = UInt64(fields[2]),
                let seconds = Double(fields[3]), let estimate = Double(fields[4]) else { return nil }
            return Row(
                name: String(fields[0]), threads: 1, gamblers: gamblers, games: games,
                seconds: seconds, estimate: estimate)
        }
    }

    private func measure(_ name: String, _ threads: Int, _ sampler: ImportanceSampler) async -> Row {
        let unit = sampler.gamblersPerUnit / 16, seed = plan.seed
        let (moments, fastest) = await repeated(threads) { number in
            sampler.simulate(number * unit..<(number + 1) * unit, seed: seed, check: {})
        }
        return Row(
            name: name, threads: threads, gamblers: fastest.gamblers, games: fastest.games,
            seconds: fastest.seconds, estimate: plan.report(moments).estimate.value)
    }

    /// As many random blocks as the gamblers of a unit use, and nothing done with them.
    private func measureRandomBits(_ name: String, _ threads: Int, _ sampler: ImportanceSampler) async -> Row {
        let unit = sampler.gamblersPerUnit, seed = plan.seed
        let blocks = sampler.randomBlocks(0..<unit, seed: seed)
        let games = sampler.simulate(0..<unit, seed: seed, check: {}).games
        let (_, fastest) = await repeated(threads) { _ in
            withExtendedLifetime(BlockLaw.drawOnly(seed: seed, gamblers: blocks, blocks: 1)) {
                RuinMoments(gamblers: unit, games: games, hits: .counts([]))
            }
        }
        return Row(
            name: name, threads: threads, gamblers: fastest.gamblers, games: fastest.games,
            seconds: fastest.seconds)
    }

    private typealias Round = (gamblers: UInt64, games: UInt64, seconds: Double)

    /// Rounds of about two milliseconds until the time is up, every thread doing so many
    /// numbered units of work in each: all they did, and the fastest.
    private func repeated(
        _ threads: Int, _ work: @escaping @Sendable (UInt64) -> RuinMoments
    ) async -> (all: RuinMoments, fastest: Round) {
        let clock = ContinuousClock(), nothing = plan.empty
        _ = work(0)
        var alone = Double.infinity
        for _ in 0..<10 { alone = min(alone, clock.measure { _ = work(0) } / .seconds(1)) }
        let units = UInt64(max(1, 2e-3 / alone))
        var all = nothing, fastest: Round = (0, 0, .infinity), number: UInt64 = 0
        let begin = clock.now
        repeat {
            let first = number
            number += units * UInt64(threads)
            let start = clock.now
            let round = await withTaskGroup(of: RuinMoments.self) { group in
                for thread in 0..<UInt64(threads) {
                    group.addTask {
                        var own = nothing
                        for unit in 0..<units { own.merge(work(first + thread * units + unit)) }
                        return own
                    }
                }
                return await group.reduce(into: nothing) { $0.merge($1) }
            }
            let elapsed = (clock.now - start) / .seconds(1)
            all.merge(round)
            if Double(round.games) / elapsed > Double(fastest.games) / fastest.seconds {
                fastest = (round.gamblers, round.games, elapsed)
            }
        } while clock.now - begin < .seconds(seconds)
        return (all, fastest)
    }
}
