import LinearAlgebra
import NormalizingFlows
import Statistics
import Testing

/// The laws that every layer obeys.
@Suite struct FlowLayerTests {
    static func cases() -> [LayerCase] {
        do { return try everyLayer() } catch { fatalError("\(error)") }
    }

    @Test(arguments: cases()) func decodeInvertsEncode(_ law: LayerCase) {
        let x = law.batch(), encoding = law.layer.encode(x)
        let decoding = law.layer.decode(encoding.output)
        #expect(decoding.output.shape == x.shape)
        #expect(largestDifference(decoding.output.elements, x.elements) < 1e-12)
        #expect(encoding.logAbsDetJacobian.count == x.shape.batch)
        let sums = zip(encoding.logAbsDetJacobian, decoding.logAbsDetJacobian).map { $0 + $1 }
        #expect(sums.allSatisfy { $0.magnitude < 1e-12 })
    }

    @Test(arguments: cases()) func encodeInvertsDecode(_ law: LayerCase) throws {
        let z = normalTensor(try law.layer.outputShape(for: law.shape), stream: 1)
        let again = law.layer.encode(law.layer.decode(z).output).output
        #expect(largestDifference(again.elements, z.elements) < 1e-11)
    }

    @Test(arguments: cases()) func theOutputHasTheShapeThatIsPromised(_ law: LayerCase) throws {
        let output = law.layer.encode(law.batch()).output
        let promised = try law.layer.outputShape(for: law.shape)
        #expect(output.shape == promised)
        #expect(output.shape.imageSize == law.shape.imageSize)
    }

    /// In whatever order x and z are flattened: with permutation matrices Q and R the Jacobian
    /// becomes Q J R, and |det Q| = |det R| = 1.
    @Test(arguments: cases()) func theLogDeterminantIsTheJacobians(_ law: LayerCase) {
        let x = law.batch(), claimed = law.layer.encode(x).logAbsDetJacobian
        let n = law.shape.imageSize, positions = law.shape.positions
        // Position by position instead of channel by channel, backwards, and any odd order.
        let byPosition = (0..<n).map { $0 % law.shape.channels * positions + $0 / law.shape.channels }
        let shuffled = normals(n, stream: 2).enumerated().sorted { $0.element < $1.element }
            .map(\.offset)
        for image in 0..<law.shape.batch {
            let jacobian = numericJacobian(of: law.layer, at: x, image: image)
            for (rows, columns) in [
                (Array(0..<n), Array(0..<n)), (byPosition, byPosition),
                (Array((0..<n).reversed()), shuffled), (shuffled, byPosition),
            ] {
                let flattened = jacobian.rows(inOrder: rows).transposed.rows(inOrder: columns)
                let logs = ElementaryFunction.log(PLUFactorization(flattened).pivots.map(\.magnitude))
                #expect((logs.reduce(0, +) - claimed[image]).magnitude < 1e-8)
            }
        }
    }

    @Test(arguments: cases()) func imagesOfABatchDoNotSeeOneAnother(_ law: LayerCase) {
        let x = law.batch(), z = law.layer.encode(x), size = law.shape.imageSize
        for image in 0..<law.shape.batch {
            let shape = TensorShape(
                channels: law.shape.channels, rows: law.shape.rows, columns: law.shape.columns)
            let part = image * size..<(image + 1) * size
            let alone = law.layer.encode(Tensor(shape, elements: Array(x.elements[part])))
            // The same bits alone as in the batch.
            #expect(alone.output.elements == Array(z.output.elements[part]))
            #expect(alone.logAbsDetJacobian == [z.logAbsDetJacobian[image]])
            let back = law.layer.decode(alone.output).output
            #expect(back.elements == Array(law.layer.decode(z.output).output.elements[part]))
        }
    }

    @Test(arguments: cases()) func theInputsGradientIsTheDerivative(_ law: LayerCase) {
        let x = law.batch(), encoding = law.layer.encode(x)
        let g = normalTensor(encoding.output.shape, stream: 3)
        let weights = normals(law.shape.batch, stream: 4)
        let gradient = law.layer.backPropagate(
            g, logAbsDetWeights: weights, through: encoding.trace)
        #expect(gradient.input.shape == law.shape)
        for k in 0..<law.shape.count {
            let slope = centralDifference { h in
                var moved = x
                moved.elements[k] += h
                return objective(law.layer.encode(moved), g, weights)
            }
            #expect((slope - gradient.input.elements[k]).magnitude < 1e-7 * (1 + slope.magnitude))
        }
    }

    @Test(arguments: cases()) func eachParametersGradientIsTheDerivative(_ law: LayerCase) {
        let x = law.batch(), encoding = law.layer.encode(x)
        let g = normalTensor(encoding.output.shape, stream: 3)
        let weights = normals(law.shape.batch, stream: 4)
        let gradient = law.layer.backPropagate(
            g, logAbsDetWeights: weights, through: encoding.trace)
        let parameters = law.layer.parameters
        #expect(gradient.parameters.map(\.count) == parameters.map(\.values.count))
        for (block, parameter) in parameters.enumerated() {
            for k in parameter.values.indices {
                let slope = centralDifference { h in
                    var values = parameters.map(\.values), layer = law.layer
                    values[block][k] += h
                    layer.setParameters(values)
                    return objective(layer.encode(x), g, weights)
                }
                let claimed = gradient.parameters[block][k]
                #expect(
                    (slope - claimed).magnitude < 1e-7 * (1 + slope.magnitude),
                    "\(parameter.name)[\(k)]")
            }
        }
    }

    @Test(arguments: cases()) func parametersAreWhatWasSet(_ law: LayerCase) {
        var layer = law.layer
        let values = layer.parameters.enumerated().map { block, parameter in
            normals(parameter.values.count, stream: 100 + UInt64(block))
        }
        layer.setParameters(values)
        #expect(layer.parameters.map(\.values) == values)
        // Random parameters leave it a layer.
        let x = law.batch(), encoding = layer.encode(x)
        let back = layer.decode(encoding.output).output
        #expect(largestDifference(back.elements, x.elements) < 1e-6)
        #expect(encoding.logAbsDetJacobian.allSatisfy { $0.isFinite })
    }
}
