import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct InvertibleConvolutionTests {
    static let shape = TensorShape(batch: 2, channels: 4, rows: 3, columns: 5)

    static func layer() throws -> InvertibleConvolution {
        InvertibleConvolution(
            try PLUWeight(
                factoring: Matrix(rows: 4, columns: 4, elements: normals(16, stream: 60))))
    }

    @Test func eachPositionIsMultipliedByTheMatrix() throws {
        let layer = try Self.layer(), x = normalTensor(Self.shape, stream: 61)
        let z = layer.encode(x).output
        for n in 0..<2 {
            for i in 0..<3 {
                for j in 0..<5 {
                    for row in 0..<4 {
                        let sum = (0..<4).reduce(0.0) { sum, k in
                            sum.addingProduct(layer.weight.matrix[row, k], x[n, k, i, j])
                        }
                        #expect(z[n, row, i, j] == sum)
                    }
                }
            }
        }
    }

    @Test func theLogDeterminantIsPositionsTimesTheScales() throws {
        let layer = try Self.layer(), x = normalTensor(Self.shape, stream: 61)
        let sum = ElementaryFunction.log(layer.weight.scale.map(\.magnitude)).reduce(0, +)
        #expect(layer.encode(x).logAbsDetJacobian == [15 * sum, 15 * sum])
        #expect(layer.decode(x).logAbsDetJacobian == [-15 * sum, -15 * sum])
    }

    @Test(arguments: [[1.0, 1], [-1, 1], [2, -3], [-1, -0.5]], [1, 2, 3])
    func theSignIsTheJacobians(scale: [Double], positions: Int) throws {
        for permutation in [[0, 1], [1, 0]] {
            let layer = InvertibleConvolution(
                try PLUWeight(
                    permutation: permutation, lower: [[1, 0], [0.3, 1]],
                    upper: [[0, 0.7], [0, 0]], scale: scale))
            let x = normalTensor(TensorShape(channels: 2, columns: positions), stream: 62)
            let jacobian = numericJacobian(of: layer, at: x, image: 0)
            #expect(
                layer.determinantSign(positions: positions)
                    == PLUFactorization(jacobian).determinantSign)
        }
    }

    /// log|s| is the parameter and the sign is kept, so there is no step to a singular matrix.
    @Test(arguments: [-300.0, -30, -1, 1, 30, 300]) func noStepMakesItSingular(step: Double) throws {
        var layer = try Self.layer()
        let signs = layer.weight.scale.map { $0 < 0 }, x = normalTensor(Self.shape, stream: 63)
        var values = layer.parameters.map(\.values)
        values[2] = values[2].map { $0 + step }
        layer.setParameters(values)
        #expect(layer.weight.scale.map { $0 < 0 } == signs)
        #expect(layer.weight.scale.allSatisfy { $0 != 0 && $0.isFinite })
        #expect(layer.encode(x).logAbsDetJacobian == [15, 15].map { $0 * values[2].reduce(0, +) })
        // Without triangles it is no worse conditioned than before, however far the step went.
        values[0] = values[0].map { _ in 0 }
        values[1] = values[1].map { _ in 0 }
        layer.setParameters(values)
        let back = layer.decode(layer.encode(x).output).output
        #expect(largestDifference(back.elements, x.elements) < 1e-14)
    }

    /// Substitution is backward stable (Higham, "Accuracy and Stability of Numerical Algorithms",
    /// 2nd edition, theorem 8.5): what it solves for z misses z by no more than 2cu |L| |V| |x|
    /// with u = 2⁻⁵³, V = U + diag(s), however ill-conditioned they are, and A and its product
    /// are themselves rounded by as much.
    @Test func illConditionedWeightsSolveBackwardStably() throws {
        let weight = try PLUWeight(
            permutation: [1, 2, 0], lower: [[1, 0, 0], [1, 1, 0], [1, -1, 1]],
            upper: [[0, 1, 1], [0, 0, 1], [0, 0, 0]], scale: [1, 0x1p-20, 0x1p-39])
        let layer = InvertibleConvolution(weight)
        let z = normalTensor(TensorShape(channels: 3, rows: 4, columns: 4), stream: 64)
        let x = layer.decode(z).output, again = layer.encode(x).output
        var v = weight.upper
        for i in 0..<3 { v[i, i] = weight.scale[i] }
        func magnitudes(_ m: Matrix) -> Matrix {
            Matrix(rows: m.rows, columns: m.columns, elements: m.elements.map(\.magnitude))
        }
        let size = (magnitudes(weight.lower) * magnitudes(v)).rows(inOrder: weight.permutation)
        let bound = size * Matrix(rows: 3, columns: 16, elements: x.elements.map(\.magnitude))
        for k in z.elements.indices {
            #expect(abs(again.elements[k] - z.elements[k]) <= 4 * 3 * 0x1p-53 * bound.elements[k])
        }
    }
}
