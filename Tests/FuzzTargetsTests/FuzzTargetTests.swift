import FuzzTargets
import SeededRandom
import Testing

/// The short, repeatable pass; `.ci/fuzz` is the long one.
@Suite struct FuzzTargetTests {
    @Test(arguments: FuzzTarget.allCases)
    func damagedSeedsBreakNoLaw(_ target: FuzzTarget) throws {
        var generator = SplitMix64(seed: 1)
        for seed in target.seeds {
            try target.run(seed)
            for _ in 0..<500 { try target.run(Damage.some(of: seed, using: &generator)) }
        }
    }
}
