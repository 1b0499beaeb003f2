import LinearAlgebra

/// Of models that are told how noisy their images are.
extension ConvolutionalPass {
    /// The level of noise σ of all images that are evaluated from now on.
    package func set(noise level: Double, parameters: ConvolutionalParameters) {
        guard let noiseBiases else { return }
        let hidden = architecture.hidden, features = NoiseLevels.features(of: level)
        for step in 0..<architecture.steps {
            let tensors = parameters.layout.steps[step], bias = parameters.pointer(tensors.inBias)
            guard let tensor = tensors.featureWeight else { continue }
            let weight = parameters.matrix(tensor), target = noiseBiases + step * hidden
            for k in 0..<hidden {
                target[k] = bias[k]
                for (row, feature) in [features.0, features.1, features.2].enumerated() {
                    target[k] += feature * weight.elements[row * weight.rowStride + k]
                }
            }
        }
        hasOneLevel = true
    }

    /// The level of each image of the next evaluation.
    package func set(noises levels: [Double]) {
        precondition(levels.count <= capacity)
        guard let noiseFeatures else { return }
        for (image, level) in levels.enumerated() {
            let features = NoiseLevels.features(of: level)
            for row in image * architecture.positions..<(image + 1) * architecture.positions {
                let target = noiseFeatures + row * NoiseLevels.features
                (target[0], target[1], target[2]) = features
            }
        }
        hasOneLevel = false
    }

    /// What a first layer adds its products to: the bias, or sums that already stand where they are to be made.
    func adding(
        noiseOf step: Int, rows: Int, to product: MatrixProduct, into first: UnsafeMutablePointer<Float>,
        _ parameters: ConvolutionalParameters
    ) -> MatrixProduct {
        let tensors = parameters.layout.steps[step], hidden = architecture.hidden
        guard let noiseFeatures, let noiseBiases, let tensor = tensors.featureWeight else {
            return product.adding(bias: parameters.pointer(tensors.inBias))
        }
        if hasOneLevel != false { return product.adding(bias: UnsafePointer(noiseBiases + step * hidden)) }
        MatrixProduct(
            MatrixView(noiseFeatures, stride: NoiseLevels.features), parameters.matrix(tensor), into: first,
            stride: hidden, rows: rows, columns: hidden, depth: NoiseLevels.features
        ).adding(bias: parameters.pointer(tensors.inBias)).multiply()
        return product.accumulating()
    }
}
