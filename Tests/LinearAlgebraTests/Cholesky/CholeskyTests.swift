import LinearAlgebra
import Testing

@Suite struct CholeskyTests {
    static let sizes = [1, 2, 5, 31, 32, 33, 64, 97, 150]

    /// A matrix X (rows, size), its products and what makes them positive definite.
    private func positive(_ size: Int) -> Matrix {
        let x = matrix(size + 3, size, stream: UInt64(300 + size))
        var a = x.transposed * x
        for i in 0..<size { a[i, i] += 0.1 }
        return a
    }

    @Test(arguments: sizes) func theFactorsProductIsTheMatrix(size: Int) throws {
        let a = positive(size), factor = try CholeskyFactor(of: a)
        #expect(largestDifference(factor.upper.transposed * factor.upper, a) < 1e-11)
        for i in 0..<size {
            #expect(factor.upper[i, i] > 0)
            for k in 0..<i { #expect(factor.upper[i, k] == 0) }
        }
    }

    /// The textbook's loop, a number at a time.
    @Test(arguments: sizes) func blocksTouchNoBit(size: Int) throws {
        let a = positive(size), factor = try CholeskyFactor(of: a)
        var u = a
        for k in 0..<size {
            for j in k..<size {
                for p in 0..<k { u[k, j] = u[k, j].addingProduct(-u[p, k], u[p, j]) }
            }
            let root = u[k, k].squareRoot(), inverse = 1 / root
            u[k, k] = root
            for j in k + 1..<max(size, k + 1) { u[k, j] = 0 + inverse * u[k, j] }
            for j in 0..<k { u[k, j] = 0 }
        }
        #expect(u.elements.map(\.bitPattern) == factor.upper.elements.map(\.bitPattern))
    }

    @Test(arguments: sizes) func theSizeOfThePiecesTouchesNoBit(size: Int) throws {
        let a = positive(size), whole = try CholeskyFactor(of: a)
        var run = CholeskyRun(a), pieces = 0
        while !run.isFinished {
            try run.advance(operations: 1)
            pieces += 1
        }
        #expect(pieces >= (size + 31) / 32)
        #expect(run.factor.upper == whole.upper)
    }

    @Test(arguments: sizes) func aSolutionSolves(size: Int) throws {
        let a = positive(size), factor = try CholeskyFactor(of: a)
        let x = matrix(size, 1, stream: 400), b = a * x
        let found = factor.solve(b.elements)
        for (found, x) in zip(found, x.elements) { #expect((found - x).magnitude < 1e-9) }
    }

    @Test(arguments: sizes) func theInverseIsOneAndSymmetric(size: Int) throws {
        let a = positive(size)
        var run = InverseRun(of: try CholeskyFactor(of: a))
        while !run.isFinished { run.advance(operations: 1) }
        #expect(largestDifference(a * run.result, .identity(size)) < 1e-10)
        #expect(run.result == run.result.transposed)
    }

    @Test(arguments: sizes, [0, 1, 40]) func substitutionUndoesTheProduct(size: Int, columns: Int) throws {
        let factor = try CholeskyFactor(of: positive(size)), y = matrix(size, columns, stream: 600)
        var run = SubstitutionRun(factor.upper.transposed * y, by: factor)
        while !run.isFinished { run.advance(operations: 1) }
        #expect(largestDifference(run.result, y) < 1e-10)
    }

    @Test func aPartHasTheRowsAndColumnsThatWereChosen() {
        let a = matrix(5, 7, stream: 700), part = a.part(rows: [4, 0], columns: [6, 2, 3])
        #expect(part.elements == [a[4, 6], a[4, 2], a[4, 3], a[0, 6], a[0, 2], a[0, 3]])
        let x = (0..<7).map { Double($0) - 3 }
        for i in 0..<5 {
            #expect((a.product(row: i, x) - (a * Matrix(rows: 7, columns: 1, elements: x))[i, 0]).magnitude < 1e-14)
        }
    }

    @Test(arguments: sizes, [0, 1, 5, 128, 200]) func aCrossProductIsOne(size: Int, rows: Int) {
        let x = matrix(rows, size, stream: UInt64(500 + rows))
        var run = CrossProductRun(of: x), pieces = 0
        while !run.isFinished {
            run.advance(operations: 1)
            pieces += 1
        }
        #expect(pieces >= (size + 31) / 32)
        #expect(largestDifference(run.result, x.transposed * x) < 1e-12)
    }

    @Test func whatIsNotPositiveDefiniteIsRefused() {
        for (value, row) in [(-1.0, 40), (0, 40), (.nan, 40), (.infinity, 40)] {
            var a = Matrix.identity(50)
            a[40, 40] = value
            #expect(throws: NotPositiveDefinite(row: row)) { try CholeskyFactor(of: a) }
        }
    }
}
