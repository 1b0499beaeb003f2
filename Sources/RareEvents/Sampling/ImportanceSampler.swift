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

    public func walks(of numbers: Range<UInt64>, seed: UInt64, firstStream: UInt64) -> any Walks {
        TiltedWalks(numbers, ruin, law, seed: seed, firstStream: firstStream)
    }

    /// How many random blocks these gamblers use.
    package func randomBlocks(_ numbers: Range<UInt64>, seed: UInt64) -> Int {
        var walks = TiltedWalks(numbers, ruin, law, seed: seed, firstStream: 0)
        while walks.advance() == nil {}
        return walks.blocksUsed
    }
}

/// Walks of a tilted game, some thousands of them at a time.
private struct TiltedWalks: Walks {
    private let numbers: Range<UInt64>
    private let ruin: GamblersRuin
    private let law: BlockLaw
    private let seed, firstStream: UInt64
    /// The gamblers `first ..< first + position.count` are playing; those before have ended.
    private var first: UInt64
    private var position: [Int64] = [], left: [UInt64] = [], blocks: [UInt64] = []
    private var counter: HitCounter
    private var games: UInt64 = 0
    private(set) var blocksUsed = 0

    init(
        _ numbers: Range<UInt64>, _ ruin: GamblersRuin, _ law: BlockLaw, seed: UInt64, firstStream: UInt64
    ) {
        precondition(numbers.upperBound <= 1 << 48, "gamblers are numbered below 2^48")
        self.numbers = numbers
        self.ruin = ruin
        self.law = law
        self.seed = seed
        self.firstStream = firstStream
        first = numbers.lowerBound
        counter = HitCounter(ruin)
    }

    mutating func advance() -> RuinMoments? {
        if position.isEmpty {
            let count = Int(min(numbers.upperBound - first, 1 << 12))
            position = [Int64](repeating: ruin.start, count: count)
            left = [UInt64](repeating: ruin.maximumGames, count: count)
            blocks = [UInt64](repeating: 0, count: count)
        }
        let haveEnded = law.walk(
            seed: seed, firstStream: firstStream + first, position: &position, left: &left,
            blocks: &blocks, budget: 1 << 18)
        guard haveEnded else { return nil }
        for i in position.indices {
            let played = ruin.maximumGames - left[i]
            games += played
            if position[i] >= ruin.goal { counter.add(games: played, position: position[i]) }
            blocksUsed += Int(blocks[i])
        }
        first += UInt64(position.count)
        position = []
        guard first == numbers.upperBound else { return nil }
        return RuinMoments(gamblers: UInt64(numbers.count), games: games, hits: .counts(counter.counts))
    }
}
