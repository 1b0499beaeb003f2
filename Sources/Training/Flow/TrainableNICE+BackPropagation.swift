import LinearAlgebra

extension TrainableNICE {
    public func differentiate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool
    ) {
        let dropout = Dropout(shown), count = shown.count
        encode(images, count: count, parameters, dropout: dropout, on: pool)
        score(count, parameters, into: &results, slopes: true, on: pool)
        let batch = activations
        ColumnSums.sum(
            batch.scaleSlopes, stride: dimension, rows: count, columns: dimension, into: setGradient(scale).values)
        for coupling in (0..<architecture.couplings).reversed() {
            differentiate(coupling, count, parameters, dropout, on: pool)
        }
    }

    /// The gradient of a coupling's parameters; the slope at the half that it keeps ← that at its input.
    ///
    /// With y = x W + b and the gradient g of y, W has xᵀ g, b the sum of g's rows, x has g Wᵀ.
    private func differentiate(
        _ coupling: Int, _ count: Int, _ parameters: UnsafePointer<Float>, _ dropout: Dropout?, on pool: ThreadPool
    ) {
        let batch = activations, hidden = batch.hidden[coupling]
        let moved = architecture.transformed(by: coupling) == .even ? 0 : 1
        var slope = batch.slopes[moved], slopeStride = batch.halfStride
        var outputs: ActiveUnits?
        for level in (0..<levels).reversed() {
            let below = level > 0 ? hidden[level - 1] : nil
            let input = below?.values ?? batch.inputs[coupling]
            let inputStride = below == nil ? batch.halfStride : batch.widthStride
            let inputs = below?.active.count ?? half
            let weight = tensors[weight(coupling, level)], columns = outputs?.count ?? weight.columns

            let (gradient, gradientStride) = setGradient(
                self.weight(coupling, level), rows: below?.active, columns: outputs)
            let weightProduct = MatrixProduct(
                MatrixView(input, stride: inputStride).transposed, MatrixView(slope, stride: slopeStride),
                into: gradient, stride: gradientStride, rows: inputs, columns: columns, depth: count)

            let back = MatrixView(
                parameters + weight.offset, stride: weight.stride,
                rowIndex: below.map { UnsafePointer($0.active.numbers) },
                columnIndex: outputs.map { UnsafePointer($0.numbers) }
            ).transposed
            let target = below == nil ? batch.slopes[1 - moved] : batch.hiddenSlopes[level % 2]
            let targetStride = below == nil ? batch.halfStride : batch.widthStride
            var inputProduct = MatrixProduct(
                MatrixView(slope, stride: slopeStride), back, into: target, stride: targetStride, rows: count,
                columns: inputs, depth: columns)
            inputProduct =
                below.map { inputProduct.gated(by: $0.values, stride: batch.widthStride) }
                ?? inputProduct.accumulating()

            let biasGradient = setGradient(bias(coupling, level), columns: outputs).values
            let first = inputProduct.panels
            pool.forEach(first + weightProduct.panels) { item in
                guard item >= first else { return inputProduct.multiply(panel: item) }
                weightProduct.multiply(panel: item - first)
                let panel = weightProduct.columns(ofPanel: item - first)
                ColumnSums.sum(
                    slope + panel.lowerBound, stride: slopeStride, rows: count, columns: panel.count,
                    into: biasGradient + panel.lowerBound)
            }
            guard let below else { return }
            if let dropout {
                let factor = dropout.factor
                forEachRows(of: count, on: pool) { row in
                    for k in 0..<inputs { target[row * targetStride + k] *= factor }
                }
            }
            slope = target
            slopeStride = targetStride
            outputs = below.active
        }
    }
}
