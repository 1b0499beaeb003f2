import LinearAlgebra

/// A linear map of a conditioner's features to the pixels of a position, which training asks to predict the missing
/// pixels beside the density: features that know the conditional mean come long before couplings ask for it. It is no part
/// of the model.
package struct FeatureRegression: Sendable {
    /// (features, depth) and (depth).
    package let weight, bias: ParameterTensor
    /// What the sum of the squared errors of the missing pixels counts beside −log p in nats.
    package let importance: Float

    package init(of architecture: ConvolutionalArchitecture, importance: Float) {
        let depth = architecture.depth, features = architecture.features, stride = (depth + 15) / 16 * 16
        weight = ParameterTensor(
            name: "regression.weight", shape: [depth, features], rows: features, columns: depth, stride: stride,
            offset: ConvolutionalArchitecture.Layout(architecture).span, isTransposed: true, decays: true)
        bias = ParameterTensor(
            name: "regression.bias", shape: [depth], rows: 1, columns: depth, stride: stride,
            offset: weight.offset + weight.span, isTransposed: false, decays: false)
        self.importance = importance
    }

    package var tensors: [ParameterTensor] { [weight, bias] }
}

extension ConvolutionalPass {
    /// The gradient of `scale` · the squared errors of the missing pixels of the last `evaluate`: of the map's parameters,
    /// and added to that of the features, before the conditioner's own way back.
    ///
    /// - Returns: the squared errors.
    func differentiate(
        _ regression: FeatureRegression, count: Int, scale: Float, _ parameters: ConvolutionalParameters,
        _ gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        guard let conditions else { return 0 }
        let rows = architecture.grid(count).count, depth = architecture.depth, features = architecture.features
        let conditioner = conditions.conditioner, dimension = architecture.dimension
        let weight = MatrixView(parameters.values + regression.weight.offset, stride: regression.weight.stride)
        // otherSlope is free between two steps.
        let errors = otherSlope
        MatrixProduct(
            MatrixView(conditioner.features, stride: features), weight, into: errors, stride: depth, rows: rows,
            columns: depth, depth: features
        ).adding(bias: parameters.values + regression.bias.offset).multiply()
        var squares = 0.0
        for image in 0..<count {
            for k in 0..<dimension {
                let place = image * dimension + k
                let error = conditions.masks[0][place] * (errors[place] - images[image * dimension + pixels[k]])
                squares += Double(error) * Double(error)
                errors[place] = 2 * scale * error
            }
        }
        MatrixProduct(
            MatrixView(conditioner.features, stride: features).transposed, MatrixView(errors, stride: depth),
            into: gradient + regression.weight.offset, stride: regression.weight.stride, rows: features,
            columns: depth, depth: rows
        ).multiply()
        ColumnSums.sum(
            errors, stride: depth, rows: rows, columns: depth, into: gradient + regression.bias.offset)
        MatrixProduct(
            MatrixView(errors, stride: depth), weight.transposed, into: conditioner.slope, stride: features, rows: rows,
            columns: features, depth: depth
        ).accumulating().multiply()
        return squares
    }
}
