import Projections
import SeededRandom
import Testing

@Suite struct SimplexTests {
    @Test func knownProjections() throws {
        let simplex = try Simplex<Double>(total: 1)
        #expect(simplex.projection(of: [5]) == [1])
        #expect(simplex.projection(of: [0.25, 0.25]) == [0.5, 0.5])
        #expect(simplex.projection(of: [2, 0.5, -1]) == [1, 0, 0])
        #expect(simplex.projection(of: [0.5, 0.5, -8]) == [0.5, 0.5, 0])
    }

    @Test(arguments: [1, 2, 3, 10, 100]) func everyProjectionIsAMember(count: Int) throws {
        let simplex = try Simplex<Double>(total: 3)
        var generator = SplitMix64(seed: UInt64(count))
        for scale in [0.01, 1, 100, 1e8] {
            for _ in 0..<50 {
                let x = simplex.projection(of: generator.point(count, scale: scale))
                #expect(x.allSatisfy { $0 >= 0 })
                // Entries are at most the total, whatever the scale of the point was.
                #expect(abs(x.reduce(0, +) - 3) <= 3e-15 * Double(count) + 1e-15)
            }
        }
    }

    @Test func tiesShareEqually() throws {
        let x = try Simplex<Double>(total: 1).projection(of: [7, 7, 7, 7])
        #expect(x == [0.25, 0.25, 0.25, 0.25])
    }

    @Test func aNegativeTotalIsNamed() {
        #expect(throws: ConstraintError(.simplex, "must be a finite number, not negative")) {
            try Simplex<Double>(total: -1)
        }
    }
}
