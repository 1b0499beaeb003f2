import CKernels
import RareEvents
import Testing

@Suite struct ImportanceSamplerTests {
    /// Pearson's χ² of the counted events (and of failing) against their exact law under the
    /// sampled game: with blocks of games and game by game. Cells of fewer than 20 expected
    /// gamblers are pooled; below mean + 5 standard deviations.
    @Test(arguments: [nil, 1] as [Int?])
    func eventsFollowTheirExactLaw(longestBlock: Int?) throws {
        let gamblers: UInt64 = 200_000
        for ruin in try Oracle.variety() where ruin.goal < 1000 {
            let tilts = ruin.outcomes.count > 1 ? [ExponentialTilt.none, ExponentialTilt(parameter: 0.15, of: ruin)] : [.none]
            for tilt in tilts {
                let law = Oracle.hittingLaw(ruin, probabilities: tilt.probabilities(of: ruin))
                let sampler = ImportanceSampler(ruin, tilt: tilt, longestBlock: longestBlock)
                let moments = sampler.simulate(0..<gamblers, seed: 5, check: {})
                guard case .counts(let counts) = moments.hits else {
                    Issue.record("no counts")
                    continue
                }
                #expect(counts == counts.sorted { $0.event < $1.event })
                var observed = Dictionary(uniqueKeysWithValues: counts.map { ($0.event, Double($0.count)) })
                #expect(observed.keys.allSatisfy { law[$0] != nil }, "an event that cannot happen")
                var cells: [(observed: Double, expected: Double)] = []
                var pool = (observed: Double(gamblers - moments.hitCount), expected: Double(gamblers))
                for (event, probability) in law.sorted(by: { $0.key < $1.key }) {
                    let expected = probability * Double(gamblers)
                    let seen = observed.removeValue(forKey: event) ?? 0
                    if expected >= 20 {
                        cells.append((seen, expected))
                        pool.expected -= expected
                    } else {
                        pool.observed += seen
                    }
                }
                if pool.expected >= 20 {
                    cells.append(pool)
                } else {
                    // Rounding of the oracle's sums, or a rare rest.
                    #expect(pool.observed <= 60)
                }
                let chiSquare = cells.reduce(0.0) { $0 + ($1.observed - $1.expected) * ($1.observed - $1.expected) / $1.expected }
                let degrees = Double(max(cells.count - 1, 1))
                #expect(chiSquare < degrees + 5 * (2 * degrees).squareRoot(), "\(ruin) \(tilt)")
            }
        }
    }

    @Test func numberedGamblersPlayTheSameWhoeverAsks() throws {
        let sampler = ImportanceSampler(try GamblersRuin(), tilt: .none)
        let whole = sampler.simulate(0..<10_000, seed: 3, check: {})
        var pieces = sampler.simulate(7000..<10_000, seed: 3, check: {})
        for range in [4097..<7000, 0..<1, 1..<4097] as [Range<UInt64>] {
            pieces.merge(sampler.simulate(range, seed: 3, check: {}))
        }
        #expect(pieces == whole)
        #expect(whole.gamblers == 10_000)
    }

    @Test func gamesAreCountedUntilEachGamblerStops() throws {
        let ruin = try GamblersRuin(winProbability: 0.6, start: 2, goal: 5, maximumGames: 30)
        let count: UInt64 = 100_000
        let moments = ImportanceSampler(ruin, tilt: .none).simulate(0..<count, seed: 8, check: {})
        // E[games] = Σ P(still playing after t games), by the oracle for both barriers.
        var expected = 0.0, second = 0.0
        var alive: [Int64: Double] = [2: 1]
        for game in 1...30 {
            let mass = alive.values.reduce(0, +)
            expected += mass
            second += mass * Double(2 * game - 1)
            var next: [Int64: Double] = [:]
            for (x, p) in alive {
                for (step, q) in [(1, 0.6), (-1, 0.4)] as [(Int64, Double)] where (1..<5).contains(x + step) {
                    next[x + step, default: 0] += p * q
                }
            }
            alive = next
        }
        let error = ((second - expected * expected) / Double(count)).squareRoot()
        #expect((Double(moments.games) / Double(count) - expected).magnitude < 5 * error)
    }

    /// A single gambler may play for hours: the check is called in between.
    @Test func givesUpInTheMiddleOfAPath() throws {
        struct Stop: Error {}
        let endless = try GamblersRuin(
            outcomes: [.init(amount: 0, probability: 0.999999), .init(amount: 1, probability: 1e-6)],
            start: 1, goal: 1 << 40, maximumGames: 1 << 45)
        var calls = 0
        #expect(throws: Stop.self) {
            try ImportanceSampler(endless, tilt: .none).simulate(0..<1, seed: 1) {
                calls += 1
                if calls == 3 { throw Stop() }
            }
        }
        #expect(calls == 3)
    }
}
