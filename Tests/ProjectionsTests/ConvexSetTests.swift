import Projections
import SeededRandom
import Testing

@Suite struct ConvexSetTests {
    /// (y − Πy)·(z − Πy) ≤ 0 for every z in C, together with Πy in C, characterizes the
    /// projection onto a closed convex set: no other point passes.
    @Test(arguments: 0..<10) func theVariationalInequalityHolds(set index: Int) throws {
        let set = try allSets()[index]
        var generator = SplitMix64(seed: UInt64(index))
        for scale in [0.1, 1, 10, 1e3] {
            for _ in 0..<200 {
                let y = generator.point(4, scale: scale)
                let nearest = set.projection(of: y)
                // Any projected point is one of C: membership has its own tests.
                let z = set.projection(of: generator.point(4, scale: 3 * scale))
                let product = dot(difference(y, nearest), difference(z, nearest))
                #expect(product <= 1e-12 * (1 + scale) * (1 + scale))
            }
        }
    }

    @Test(arguments: 0..<10) func projectingTwiceIsProjectingOnce(set index: Int) throws {
        let set = try allSets()[index]
        var generator = SplitMix64(seed: 100 + UInt64(index))
        for _ in 0..<500 {
            let once = set.projection(of: generator.point(4, scale: 5))
            let twice = set.projection(of: once)
            #expect(euclideanDistance(once, twice) <= 1e-14)
        }
    }

    @Test(arguments: 0..<10) func theProjectionNeverExpandsADistance(set index: Int) throws {
        let set = try allSets()[index]
        var generator = SplitMix64(seed: 200 + UInt64(index))
        for _ in 0..<500 {
            let x = generator.point(4, scale: 5)
            let y = generator.point(4, scale: 5)
            let after = euclideanDistance(set.projection(of: x), set.projection(of: y))
            #expect(after <= euclideanDistance(x, y) + 1e-13)
        }
    }

    @Test(arguments: 0..<10) func theProjectedGradientNormIsItsDefinition(set index: Int) throws {
        let set = try allSets()[index]
        var generator = SplitMix64(seed: 300 + UInt64(index))
        for _ in 0..<100 {
            let x = set.projection(of: generator.point(4, scale: 3))
            let gradient = generator.point(4, scale: 3)
            let moved = set.projection(of: zip(x, gradient).map { $0 + $1 })
            let norm = set.projectedGradientNorm(at: x, gradient: gradient)
            #expect(norm == euclideanDistance(moved, x))
        }
    }

    @Test func theProjectedGradientNormVanishesAtAConstrainedMaximum() throws {
        // Over 0 ≤ x ≤ 1 a positive derivative pushes against the upper end.
        let box = try Box<Double>(lower: [0, 0], upper: [1, 1])
        #expect(box.projectedGradientNorm(at: [1, 0], gradient: [5, -2]) == 0)
        #expect(box.projectedGradientNorm(at: [0.5, 0], gradient: [0.25, -2]) == 0.25)
    }

    @Test func distancesBeyondTheSquareRootOfDoublesRangeAreFinite() {
        for scale in [1e200, 1e-200, 0x1p-1060] {
            let distance = euclideanDistance([3 * scale, 0], [0, 4 * scale])
            #expect(abs(distance / scale - 5) <= 5e-15)
        }
        #expect(euclideanDistance([1.0], [1.0]) == 0)
        #expect(euclideanDistance([Double.nan], [1.0]).isNaN)
        #expect(euclideanDistance([Double.infinity], [1.0]) == .infinity)
    }

    @Test func aWrongDimensionNamesBoth() throws {
        let box = try Box<Double>(lower: [0, 0], upper: [1, 1])
        #expect(
            throws: ConstraintError(
                .constraints, "has 2 coordinates, but the point has 3")
        ) { try box.requireDimension(3) }
        try Simplex<Double>(total: 1).requireDimension(3)
    }
}
