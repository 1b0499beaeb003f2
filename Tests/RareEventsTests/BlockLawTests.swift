import CKernels
import RareEvents
import Testing

@Suite struct BlockLawTests {
    private static let instructionSets = [CK_PLAIN, CK_AVX2, CK_AVX512, CK_NEON].filter { ck_available($0) }

    private func law(_ ruin: GamblersRuin, longest: Int? = nil) -> BlockLaw {
        BlockLaw(ruin, probabilities: ruin.outcomes.map(\.probability), longestBlock: longest)
    }

    private struct Ends: Equatable {
        var position: [Int64]
        var left: [UInt64]
        var blocks: [UInt64]
    }

    private func play(
        _ law: BlockLaw, _ ruin: GamblersRuin, _ set: ck_instruction_set, seed: UInt64 = 11,
        first: UInt64 = 0, count: Int, budget: UInt64 = .max
    ) -> Ends {
        var ends = Ends(
            position: .init(repeating: ruin.start, count: count),
            left: .init(repeating: ruin.maximumGames, count: count),
            blocks: .init(repeating: 0, count: count))
        while !law.walk(
            instructionSet: set, seed: seed, firstStream: first, position: &ends.position, left: &ends.left,
            blocks: &ends.blocks, budget: budget) {}
        return ends
    }

    /// Tables hold integers, and their law is the sum of so many games' to the last units.
    @Test func tablesHoldTheBinomialLaw() throws {
        let p = 0.588
        let law = law(try GamblersRuin(winProbability: p))
        var binomial = [1.0]
        for games in 1...64 {
            var next = [Double](repeating: 0, count: games + 1)
            for (wins, mass) in binomial.enumerated() {
                next[wins] += mass * (1 - p)
                next[wins + 1] += mass * p
            }
            binomial = next
            guard [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64].contains(games) else { continue }
            let table = law.probabilities(ofBlockOf: games)
            #expect(table.reduce(0, &+) == 1 << 63)
            for (wins, units) in table.enumerated() {
                let mass = wins < binomial.count ? binomial[wins] : 0
                #expect((Double(units) * 0x1p-63 - mass).magnitude < 1e-15)
            }
        }
    }

    @Test func tablesHoldTheLawOfSeveralStakes() throws {
        // Gains −2, 0, 1, 5 lie 0, 2, 3, 7 lattice points above the least.
        let single = [0: 0.4, 2: 0.25, 3: 0.25, 7: 0.1]
        let law = law(try Oracle.variety()[4])
        var sums: [Int: Double] = [0: 1]
        for games in 1...6 {
            var next: [Int: Double] = [:]
            for (sum, mass) in sums { for (step, p) in single { next[sum + step, default: 0] += mass * p } }
            sums = next
            let table = law.probabilities(ofBlockOf: games)
            for (index, units) in table.enumerated() {
                #expect((Double(units) * 0x1p-63 - (sums[index] ?? 0)).magnitude < 1e-15)
            }
        }
    }

    @Test func allPathsPlayTheSameGames() throws {
        for ruin in try Oracle.variety() {
            for longest in [nil, 1] where longest == nil || ruin.maximumGames < 1000 {
                let law = law(ruin, longest: longest), count = 203
                let reference = play(law, ruin, CK_PLAIN, count: count)
                for set in Self.instructionSets.dropFirst() {
                    #expect(play(law, ruin, set, count: count) == reference)
                }
                // Every gambler has stopped for a reason.
                for (position, left) in zip(reference.position, reference.left) {
                    #expect(position <= 0 || position >= ruin.goal || left == 0)
                }
            }
        }
    }

    /// A walk is a pure function of the gambler's number: not of its neighbours, its lane,
    /// or how often it was interrupted.
    @Test func gamblersAreAlone() throws {
        for ruin in [try GamblersRuin(), try Oracle.roulette()] {
            let law = law(ruin)
            // Across the boundary of 32 bits too.
            for first in [0, (1 << 32) - 50] as [UInt64] {
                let whole = play(law, ruin, CK_PLAIN, first: first, count: 150)
                for set in Self.instructionSets {
                    for (offset, count, budget) in [(0, 150, 1), (37, 1, 1000), (3, 64, 70), (100, 50, 5)] as [(Int, Int, UInt64)] {
                        let lanes: UInt64 = set == CK_PLAIN ? 1 : 64
                        let part = play(
                            law, ruin, set, first: first + UInt64(offset), count: count,
                            budget: max(budget, lanes))
                        #expect(part.position[...] == whole.position[offset..<offset + count])
                        #expect(part.left[...] == whole.left[offset..<offset + count])
                        #expect(part.blocks[...] == whole.blocks[offset..<offset + count])
                    }
                }
            }
        }
    }

    @Test func seedsAndStreamsMatter() throws {
        let ruin = try GamblersRuin(), law = law(ruin)
        let one = play(law, ruin, ck_selected(), seed: 1, count: 100)
        #expect(one == play(law, ruin, ck_selected(), seed: 1, count: 100))
        #expect(one != play(law, ruin, ck_selected(), seed: 2, count: 100))
        #expect(one != play(law, ruin, ck_selected(), seed: 1, first: 100, count: 100))
    }

    @Test func randomBlocksAreTheSameOnAllPaths() {
        for count in [1, 7, 64, 100] {
            let reference = BlockLaw.drawOnly(instructionSet: CK_PLAIN, seed: 9, gamblers: count, blocks: 3)
            for set in Self.instructionSets {
                #expect(BlockLaw.drawOnly(instructionSet: set, seed: 9, gamblers: count, blocks: 3) == reference)
            }
        }
    }
}
