/// Plays a tilted game. A walk's weight is its likelihood ratio up to the game at which
/// it reached the goal, which depends only on the hitting event: so events are counted,
/// and weighed when a report is made. The tilt `.none` is naive sampling.
public struct ImportanceSampler: WalkSampler {
    public let ruin: GamblersRuin
    public let tilt: ExponentialTilt
    private let law: BlockLaw

    /// - Parameter longestBlock: 1 draws each game by itself.
    public init(_ ruin: GamblersRuin, tilt: ExponentialTilt, longestBlock: Int? = nil) {
        self.ruin = ruin
        self.tilt = tilt
        law = BlockLaw(ruin, probabilities: tilt.probabilities(of: ruin), longestBlock: longestBlock)
    }

    public var gamblersPerUnit: UInt64 {
        min(max((1 << 24) / ruin.maximumGames, 16), 1 << 14)
    }

    public func simulate(
        _ numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64 = 0, check: () throws -> Void = {}
    ) rethrows -> RuinMoments {
        var counter = HitCounter(ruin)
        var games: UInt64 = 0
        try walk(numbers, seed: seed, firstStream: firstStream, check: check) { position, left, _ in
            for i in position.indices {
                let played = ruin.maximumGames - left[i]
                games += played
                if position[i] >= ruin.goal { counter.add(games: played, position: position[i]) }
            }
        }
        return RuinMoments(
            gamblers: UInt64(numbers.count), games: games, hits: .counts(counter.counts))
    }

    /// How many random blocks these gamblers use.
    package func randomBlocks(_ numbers: Range<UInt64>, seed: UInt64) -> Int {
        var total = 0
        walk(numbers, seed: seed, firstStream: 0, check: {}) { _, _, blocks in
            total += Int(blocks.reduce(0, +))
        }
        return total
    }

    /// Plays gamblers until each has stopped, some thousands at a time, and passes on their fortunes,
    /// the games that they had left, and how many random blocks they used.
    private func walk(
        _ numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64, check: () throws -> Void,
        _ body: (_ position: [Int64], _ left: [UInt64], _ blocks: [UInt64]) -> Void
    ) rethrows {
        precondition(numbers.upperBound <= 1 << 48, "gamblers are numbered below 2^48")
        var first = numbers.lowerBound
        while first < numbers.upperBound {
            let count = Int(min(numbers.upperBound - first, 1 << 12))
            var position = [Int64](repeating: ruin.start, count: count)
            var left = [UInt64](repeating: ruin.maximumGames, count: count)
            var blocks = [UInt64](repeating: 0, count: count)
            repeat {
                try check()
            } while !law.walk(
                seed: seed, firstStream: firstStream + first, position: &position, left: &left,
                blocks: &blocks, budget: 1 << 18)
            body(position, left, blocks)
            first += UInt64(count)
        }
    }
}
