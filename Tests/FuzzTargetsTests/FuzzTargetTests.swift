import FuzzTargets
import HTTPFixtures
import SeededRandom
import Testing

/// The short, repeatable pass; `.ci/fuzz` is the long one.
@Suite struct FuzzTargetTests {
    @Test(arguments: FuzzTarget.allCases)
    func damagedSeedsBreakNoLaw(_ target: FuzzTarget) async throws {
        try await onThread {
            var generator = SplitMix64(seed: 1)
            for seed in target.seeds {
                try target.run(seed)
                for _ in 0..<target.repetitions { try target.run(Damage.some(of: seed, using: &generator)) }
            }
            // What came before has left nothing behind.
            if let first = target.seeds.first { try target.run(first) }
        }
    }
}
