import LinearAlgebra
import Testing

@Suite struct PLUFactorizationTests {
    @Test(arguments: [1, 2, 3, 5, 16, 40]) func theFactorsMultiplyToTheMatrix(size: Int) {
        let a = matrix(size, size, stream: UInt64(30 + size))
        let plu = PLUFactorization(a)
        let product = (plu.lower * plu.upper).rows(inOrder: plu.permutation)
        #expect(largestDifference(product, a) < 1e-14 * Double(size))
    }

    @Test(arguments: [1, 2, 5, 16]) func theFactorsHaveTheirShapes(size: Int) {
        let plu = PLUFactorization(matrix(size, size, stream: 90))
        #expect(plu.permutation.isPermutation)
        for i in 0..<size {
            #expect(plu.lower[i, i] == 1)
            for k in i + 1..<size { #expect(plu.lower[i, k] == 0) }
            for k in 0..<i {
                #expect(plu.upper[i, k] == 0)
                #expect(plu.lower[i, k].magnitude <= 1, "partial pivoting bounds L")
            }
        }
    }

    /// Against the expansion over all permutations.
    @Test(arguments: 0..<10) func theDeterminantIsTheLeibnizSum(stream: UInt64) {
        let a = matrix(4, 4, stream: 100 + stream)
        var determinant = 0.0
        for code in 0..<256 {
            let order = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6]
            guard order.isPermutation else { continue }
            determinant += (0..<4).reduce(Double(order.permutationSign)) { $0 * a[$1, order[$1]] }
        }
        let plu = PLUFactorization(a)
        let product = plu.pivots.reduce(1) { $0 * $1.magnitude } * Double(plu.determinantSign)
        #expect((product - determinant).magnitude < 1e-14)
    }

    /// Extreme entries end as factors that are finite and right, or that say that they are not.
    @Test(arguments: [5e-324, 1e-300, 1e300, 1.7e308, .infinity, .nan])
    func extremeEntriesAreFactoredOrReported(extreme: Double) {
        for place in 0..<9 {
            var a = matrix(3, 3, stream: 120)
            a.elements[place] = extreme
            let plu = PLUFactorization(a)
            #expect(plu.isFinite == (extreme.isFinite && plu.upper.elements.allSatisfy { $0.isFinite }))
            guard plu.isFinite else { continue }
            let product = (plu.lower * plu.upper).rows(inOrder: plu.permutation)
            #expect(largestDifference(product, a) <= 1e-15 * max(extreme, 1))
        }
        // Each step of the elimination doubles what stands in the last column.
        let n = 4
        var growing = Matrix.identity(n)
        for i in 0..<n {
            for k in 0..<i { growing[i, k] = -1 }
            growing[i, n - 1] = 1e308
        }
        #expect(!PLUFactorization(growing).isFinite)
    }

    @Test func aSingularMatrixHasAZeroPivot() {
        let singular = Matrix(rows: 3, columns: 3, elements: [1, 2, 3, 2, 4, 6, 1, 0, 1])
        let plu = PLUFactorization(singular)
        #expect(plu.pivots.contains(0))
        #expect(plu.determinantSign == 0)
        #expect(largestDifference((plu.lower * plu.upper).rows(inOrder: plu.permutation), singular) < 1e-15)
        let zero = PLUFactorization(Matrix(rows: 3, columns: 3))
        #expect(zero.lower == .identity(3) && zero.pivots == [0, 0, 0])
    }
}
