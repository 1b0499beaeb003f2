import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

@Suite struct FlowTests {
    @Test func aWrongShapeBlamesTheLayerThatRefusesIt() throws {
        let flow = Flow([Squeeze(), InvertibleConvolution(.identity(channels: 4))])
        #expect(
            throws: LayerError(
                "layers", "1", "input", reason: "must have 4 channels, not 8")
        ) { try flow.outputShape(for: TensorShape(channels: 2, rows: 2, columns: 2)) }
        #expect(
            throws: LayerError(
                "layers", "0", "input",
                reason: "must have rows and columns in multiples of 2, not 3×2")
        ) { try flow.outputShape(for: TensorShape(channels: 1, rows: 3, columns: 2)) }
    }

    /// A linear flow under a normal prior is a Gaussian model of mean 0. Its greatest mean
    /// log-likelihood is −½ log det(2πe S), S the data's second moments, and gradient ascent on
    /// the layers' parameters reaches it.
    @Test func trainingReachesTheGaussianMaximumLikelihood() {
        let count = 200, channels = 3
        let mixing = Matrix(rows: 3, columns: 3, elements: [1, 0.4, 0, -0.7, 0.5, 0.2, 0.3, 0, 2])
        let draws = Matrix(rows: 3, columns: count, elements: normals(3 * count, stream: 40))
        let data = mixing * draws
        var moments = Matrix(rows: 3, columns: 3)
        moments.addProduct(data.elements, transposed: data.elements, positions: count)
        let logPivots = PLUFactorization(moments).pivots.map {
            ElementaryFunction.log(2 * Double.pi * $0 / Double(count)) + 1
        }
        let greatest = -0.5 * logPivots.reduce(0, +)

        // Images of one position, channel k of image n being entry (k, n).
        let x = Tensor(
            TensorShape(batch: count, channels: channels), elements: data.transposed.elements)
        var flow = Flow([
            InvertibleConvolution(PLUWeight(randomRotationOf: channels, using: Philox(seed: 2)))
        ])
        let share = Array(repeating: 1 / Double(count), count: count)
        var likelihood = -Double.infinity
        for _ in 0..<2000 {
            let encoding = flow.encode(x)
            let squares = encoding.output.elements.reduce(0) { $0 + $1 * $1 }
            let reached =
                encoding.logAbsDetJacobian.reduce(0, +) / Double(count)
                - 0.5 * squares / Double(count)
                - 0.5 * Double(channels) * ElementaryFunction.log(2 * Double.pi)
            #expect(reached > likelihood - 1e-12, "a small step along the gradient climbs")
            likelihood = reached
            let slope = Tensor(
                encoding.output.shape,
                elements: encoding.output.elements.map { -$0 / Double(count) })
            let gradient = flow.backPropagate(
                slope, logAbsDetWeights: share, through: encoding.trace)
            flow.setParameters(
                zip(flow.parameters, gradient.parameters).map { parameter, slopes in
                    zip(parameter.values, slopes).map { $0 + 0.05 * $1 }
                })
        }
        #expect((likelihood - greatest).magnitude < 1e-8)
    }
}
