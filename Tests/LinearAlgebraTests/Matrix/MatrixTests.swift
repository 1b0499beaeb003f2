import LinearAlgebra
import Testing

func matrix(_ rows: Int, _ columns: Int, stream: UInt64) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: doubles(rows * columns, stream: stream))
}

func largestDifference(_ x: Matrix, _ y: Matrix) -> Double {
    precondition(x.rows == y.rows && x.columns == y.columns)
    return zip(x.elements, y.elements).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}

@Suite struct MatrixTests {
    @Test(arguments: [(1, 1, 1), (2, 3, 4), (5, 7, 3), (16, 16, 16), (9, 20, 1)])
    func theProductIsTheSumOfProducts(shape: (Int, Int, Int)) {
        let left = matrix(shape.0, shape.1, stream: 20), right = matrix(shape.1, shape.2, stream: 21)
        let product = left * right
        for i in 0..<shape.0 {
            for j in 0..<shape.2 {
                var sum = 0.0
                for k in 0..<shape.1 { sum = sum.addingProduct(left[i, k], right[k, j]) }
                #expect(product[i, j].bitPattern == sum.bitPattern)
            }
        }
        let swapped = right.transposed * left.transposed
        #expect(largestDifference(swapped.transposed, product) == 0)
    }

    @Test func addingAProductWithATransposeAgreesWithTheProduct() {
        let g = matrix(5, 30, stream: 22), x = matrix(3, 30, stream: 23)
        var sum = matrix(5, 3, stream: 24)
        let expected = g * x.transposed
        let before = sum
        sum.addProduct(g.elements, transposed: x.elements, positions: 30)
        for i in 0..<15 {
            #expect((sum.elements[i] - before.elements[i] - expected.elements[i]).magnitude < 1e-14)
        }
    }

    @Test(arguments: [1, 2, 5, 16]) func triangularSolvesUndoTheProducts(size: Int) {
        let t = matrix(size, size, stream: 25), x = matrix(size, 9, stream: 26)
        let scale = doubles(size, stream: 27).map { $0 < 0 ? $0 - 0.5 : $0 + 0.5 }
        var lower = Matrix.identity(size), upper = Matrix(diagonal: scale)
        for i in 0..<size {
            for k in 0..<i { lower[i, k] = t[i, k] }
            for k in i + 1..<size { upper[i, k] = t[i, k] }
        }
        var solved = (lower * (upper * x)).elements
        // The other triangles are not read.
        t.solveUnitLower(&solved, positions: 9)
        t.solveUpper(diagonal: scale, &solved, positions: 9)
        for (a, b) in zip(solved, x.elements) { #expect((a - b).magnitude < 1e-9) }
    }

    @Test func rowsInAnotherOrderAreAPermutationMatrixTimesThem() {
        let a = matrix(4, 3, stream: 28), order = [2, 0, 3, 1]
        var p = Matrix(rows: 4, columns: 4)
        for (i, source) in order.enumerated() { p[i, source] = 1 }
        #expect(p * a == a.rows(inOrder: order))
        #expect(a.rows(inOrder: order).rows(inOrder: order.inversePermutation) == a)
    }
}
