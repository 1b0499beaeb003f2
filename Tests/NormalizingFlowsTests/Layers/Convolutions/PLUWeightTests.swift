import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct PLUWeightTests {
    static let identity3 = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    static let zero3 = [[0.0, 0, 0], [0, 0, 0], [0, 0, 0]]

    static func culprit(
        _ permutation: [Int] = [0, 1, 2], _ lower: [[Double]] = identity3,
        _ upper: [[Double]] = zero3, _ scale: [Double] = [1, 1, 1]
    ) -> [String]? {
        do throws(LayerError) {
            _ = try PLUWeight(
                permutation: permutation, lower: lower, upper: upper, scale: scale)
            return nil
        } catch { return error.path }
    }

    @Test func theMatrixIsTheProductOfItsFactors() throws {
        let weight = try PLUWeight(
            permutation: [2, 0, 1], lower: [[1, 0, 0], [0.5, 1, 0], [-2, 0.25, 1]],
            upper: [[0, 1, -0.5], [0, 0, 3], [0, 0, 0]], scale: [-2, 0.5, 1.5])
        // (P v)[i] = v[permutation[i]] means that row i of P has its 1 at permutation[i].
        var p = Matrix(rows: 3, columns: 3)
        for (i, place) in weight.permutation.enumerated() { p[i, place] = 1 }
        var v = weight.upper
        for i in 0..<3 { v[i, i] += weight.scale[i] }
        #expect(weight.matrix == p * (weight.lower * v))
        let factors = PLUFactorization(weight.matrix)
        #expect(weight.determinantSign == factors.determinantSign)
        let logs = ElementaryFunction.log(factors.pivots.map(\.magnitude))
        #expect(abs(weight.logAbsDeterminant - logs.reduce(0, +)) < 1e-14)
    }

    @Test func givenNumbersAreKeptToTheBit() throws {
        let scale = [-0.1, 3, 1e-7]
        let weight = try PLUWeight(
            permutation: [1, 0, 2], lower: Self.identity3, upper: Self.zero3, scale: scale)
        #expect(weight.scale == scale && weight.matrix.elements == [0, 3, 0, -0.1, 0, 0, 0, 0, 1e-7])
    }

    @Test func aWrongPermutationIsNamed() {
        #expect(Self.culprit() == nil)
        #expect(Self.culprit([]) == ["permutation"])
        #expect(Self.culprit([0, 1, 3]) == ["permutation", "2"])
        #expect(Self.culprit([0, -1, 2]) == ["permutation", "1"])
        #expect(Self.culprit([0, 2, 2]) == ["permutation", "2"])
        #expect(Self.culprit([0, 1]) == ["lower"])
    }

    @Test func aWrongTriangleIsNamed() {
        #expect(Self.culprit([0, 1, 2], [[1, 0, 0], [0, 1, 0]]) == ["lower"])
        #expect(Self.culprit([0, 1, 2], [[1, 0, 0], [0, 1], [0, 0, 1]]) == ["lower", "1"])
        #expect(Self.culprit([0, 1, 2], [[1, 0, 0], [0, 2, 0], [0, 0, 1]]) == ["lower", "1", "1"])
        #expect(Self.culprit([0, 1, 2], [[1, 0, 0], [5, 1, 4], [0, 0, 1]]) == ["lower", "1", "2"])
        #expect(Self.culprit([0, 1, 2], [[1, 0, 0], [.nan, 1, 0], [0, 0, 1]]) == ["lower", "1", "0"])
        let upper = [[0.0, 1, 2], [0, 0, 3], [0, 0, 0]]
        #expect(Self.culprit([0, 1, 2], Self.identity3, upper) == nil)
        #expect(
            Self.culprit([0, 1, 2], Self.identity3, [[0, 1, 2], [0, 1, 3], [0, 0, 0]])
                == ["upper", "1", "1"])
        #expect(
            Self.culprit([0, 1, 2], Self.identity3, [[0, 1, 2], [0, 0, 3], [7, 0, 0]])
                == ["upper", "2", "0"])
        #expect(Self.culprit([0, 1, 2], Self.identity3, [[0, 1, .infinity]] + upper.dropFirst())
            == ["upper", "0", "2"])
    }

    @Test func aWrongScaleIsNamed() {
        func culprit(_ scale: [Double]) -> [String]? {
            Self.culprit([0, 1, 2], Self.identity3, Self.zero3, scale)
        }
        #expect(culprit([1, 1]) == ["scale"])
        #expect(culprit([1, 0, 1]) == ["scale", "1"])
        #expect(culprit([1, -0.0, 1]) == ["scale", "1"])
        #expect(culprit([1, 1, .nan]) == ["scale", "2"])
        #expect(culprit([0x1p-1030, 0x1p-1030, 0x1p-1030]) == ["scale", "0"])
        // The threshold is relative to the largest.
        #expect(culprit([1, 0x1p-40, 1]) == nil)
        #expect(culprit([1, -0x1p-40.nextDown, 1]) == ["scale", "1"])
        #expect(culprit([1e-200, -1e-201, 1e-200]) == nil)
        #expect(culprit([0x1p40, 1, 2]) == nil && culprit([0x1p41, 1, 2]) == ["scale", "1"])
    }

    @Test(arguments: [1, 2, 5, 12]) func anyRegularMatrixHasSuchAForm(size: Int) throws {
        let matrix = Matrix(
            rows: size, columns: size, elements: normals(size * size, stream: UInt64(50 + size)))
        let weight = try PLUWeight(factoring: matrix)
        #expect(largestDifference(weight.matrix.elements, matrix.elements) < 1e-13)
        // What it found passes its own checks.
        func rows(_ m: Matrix) -> [[Double]] { (0..<size).map { Array(m[row: $0]) } }
        let again = try PLUWeight(
            permutation: weight.permutation, lower: rows(weight.lower), upper: rows(weight.upper),
            scale: weight.scale)
        #expect(again == weight)
    }

    @Test func aSingularMatrixHasNone() {
        let singular = Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 4])
        #expect(
            throws: LayerError("scale", "1", reason: "must not be 0: A would be singular")
        ) { try PLUWeight(factoring: singular) }
    }

    @Test(arguments: [1, 2, 3, 8, 16]) func aRandomRotationIsARotation(size: Int) {
        for seed in 0..<20 {
            let weight = PLUWeight(randomRotationOf: size, using: Philox(seed: UInt64(seed)))
            let a = weight.matrix
            let product = a * a.transposed
            #expect(largestDifference(product.elements, Matrix.identity(size).elements) < 1e-13)
            #expect(weight.determinantSign == 1)
            #expect(abs(weight.logAbsDeterminant) < 1e-13)
        }
    }

    /// The trace of a Haar rotation of R³ has the moments 0, 1, 1 and 3: how often the trivial
    /// representation stands in the tensor powers of the natural one.
    @Test func randomRotationsAreUniform() {
        let count = 4000
        let traces = (0..<count).map { seed in
            let a = PLUWeight(randomRotationOf: 3, using: Philox(seed: UInt64(seed), stream: 6)).matrix
            return a[0, 0] + a[1, 1] + a[2, 2]
        }
        for (power, moment) in [(1, 0.0), (2, 1), (3, 1), (4, 3)] {
            let values = traces.map { trace in (0..<power).reduce(1.0) { value, _ in value * trace } }
            let mean = values.reduce(0, +) / Double(count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
            #expect(abs(mean - moment) < 5 * (variance / Double(count)).squareRoot())
        }
    }
}
