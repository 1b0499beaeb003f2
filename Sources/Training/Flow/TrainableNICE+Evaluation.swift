import LinearAlgebra
import NormalizingFlows
import Statistics

extension TrainableNICE {
    public func evaluate(
        _ images: UnsafePointer<Float>, shown: ShownImages, parameters: UnsafePointer<Float>,
        into results: inout [Double], on pool: ThreadPool
    ) {
        encode(images, count: shown.count, parameters, dropout: nil, on: pool)
        score(shown.count, parameters, into: &results, slopes: false, on: pool)
    }

    /// The halves ← the couplings' output.
    func encode(
        _ images: UnsafePointer<Float>, count: Int, _ parameters: UnsafePointer<Float>, dropout: Dropout?,
        on pool: ThreadPool
    ) {
        precondition(count <= batchCapacity)
        let batch = activations, half = half, dimension = dimension
        forEachRows(of: count, on: pool) { row in
            for parity in 0..<2 {
                let target = batch.halves[parity] + row * batch.halfStride
                for j in 0..<half { target[j] = images[row * dimension + 2 * j + parity] }
            }
        }
        for coupling in 0..<architecture.couplings {
            let moved = architecture.transformed(by: coupling) == .even ? 0 : 1
            let kept = batch.inputs[coupling]
            forEachRows(of: count, on: pool) { row in
                (kept + row * batch.halfStride).update(
                    from: batch.halves[1 - moved] + row * batch.halfStride, count: half)
            }
            var input = MatrixView(kept, stride: batch.halfStride), depth = half
            var chosen: UnsafePointer<UInt32>?
            for level in 0..<architecture.hiddenLayers {
                rectify(coupling, level, input, depth, chosen, count, parameters, dropout, on: pool)
                let layer = batch.hidden[coupling][level]
                input = MatrixView(layer.values, stride: batch.widthStride)
                depth = layer.active.count
                chosen = UnsafePointer(layer.active.numbers)
            }
            let output = linear(
                coupling, levels - 1, input, depth, chosen, count, parameters, into: batch.halves[moved],
                stride: batch.halfStride
            ).accumulating()
            pool.forEach(output.panels) { output.multiply(panel: $0) }
        }
    }

    /// x W + b of a linear map, x without the columns of units that are not active.
    private func linear(
        _ coupling: Int, _ level: Int, _ input: MatrixView, _ depth: Int, _ chosen: UnsafePointer<UInt32>?,
        _ count: Int, _ parameters: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, stride: Int
    ) -> MatrixProduct {
        let weight = tensors[weight(coupling, level)]
        return MatrixProduct(
            input, MatrixView(parameters + weight.offset, stride: weight.stride, rowIndex: chosen), into: output,
            stride: stride, rows: count, columns: weight.columns, depth: depth
        ).adding(bias: parameters + tensors[bias(coupling, level)].offset)
    }

    /// A hidden layer: its active units, of which `dropout` leaves out some.
    private func rectify(
        _ coupling: Int, _ level: Int, _ input: MatrixView, _ depth: Int, _ chosen: UnsafePointer<UInt32>?,
        _ count: Int, _ parameters: UnsafePointer<Float>, _ dropout: Dropout?, on pool: ThreadPool
    ) {
        let batch = activations, width = architecture.width, stride = batch.widthStride
        let product = linear(
            coupling, level, input, depth, chosen, count, parameters, into: batch.rectified, stride: stride
        ).rectified()
        pool.forEach(product.panels) { panel in
            product.multiply(panel: panel)
            let columns = product.columns(ofPanel: panel)
            ColumnSums.maxima(
                batch.rectified + columns.lowerBound, stride: stride, rows: count, columns: columns.count,
                into: batch.maxima + columns.lowerBound)
        }
        let numbers = batch.hidden[coupling][level].active.numbers
        var active = 0
        // NaN is listed, so that it comes out at the end.
        for unit in 0..<width where !(batch.maxima[unit] <= 0) {
            numbers[active] = UInt32(unit)
            active += 1
        }
        batch.hidden[coupling][level].active.count = active
        let values = batch.hidden[coupling][level].values, layer = coupling * levels + level
        forEachRows(of: count, on: pool) { row in
            let source = batch.rectified + row * stride, target = values + row * stride
            for k in 0..<active { target[k] = source[Int(numbers[k])] }
            dropout?.apply(
                to: target, numbers: numbers, count: active, image: row, layer: layer, width: width)
        }
    }

    /// log p of each image and, where wanted, the gradient of −(Σ log p) / count with respect to the halves and the
    /// scaling.
    func score(
        _ count: Int, _ parameters: UnsafePointer<Float>, into results: inout [Double], slopes: Bool,
        on pool: ThreadPool
    ) {
        let batch = activations, dimension = dimension, half = half
        let scale = parameters + tensors[scale].offset
        let factors = SingleElementaryFunction.exp(Array(UnsafeBufferPointer(start: scale, count: dimension)))
        let logAbsDet = (0..<dimension).reduce(0.0) { $0 + Double(scale[$1]) }
        let share = -1 / Float(count)
        results.withUnsafeMutableBufferPointer { results in
            let results = results
            forEachRows(of: count, on: pool) { row in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * dimension) { room in
                    let latent = UnsafeMutableBufferPointer(rebasing: room[..<dimension])
                    let decay = UnsafeMutableBufferPointer(rebasing: room[dimension..<2 * dimension])
                    let slope = UnsafeMutableBufferPointer(rebasing: room[(2 * dimension)...])
                    for k in 0..<dimension {
                        latent[k] = factors[k] * batch.halves[k % 2][row * batch.halfStride + k / 2]
                        decay[k] = -latent[k].magnitude
                    }
                    // log p(z) = −|z| − 2 log(1 + e^−|z|), d log p / dz = −tanh(z / 2).
                    SingleElementaryFunction.softplus.apply(to: UnsafeBufferPointer(decay), into: slope)
                    var sum = logAbsDet
                    for k in 0..<dimension { sum += Double(decay[k]) - 2 * Double(slope[k]) }
                    results[row] = sum
                    guard slopes else { return }
                    for k in 0..<dimension { decay[k] = 0.5 * latent[k] }
                    SingleElementaryFunction.tanh.apply(to: UnsafeBufferPointer(decay), into: slope)
                    let scaleSlopes = batch.scaleSlopes + row * dimension
                    for k in 0..<dimension {
                        let descent = -share * slope[k]
                        scaleSlopes[k] = descent * latent[k] + share
                        batch.slopes[k % 2][row * batch.halfStride + k / 2] = descent * factors[k]
                    }
                }
            }
        }
        _ = half
    }

    /// Calls `body` for each image of the batch.
    func forEachRows(of count: Int, on pool: ThreadPool, _ body: (Int) -> Void) {
        let part = 16
        pool.forEach((count + part - 1) / part) { index in
            for row in index * part..<min((index + 1) * part, count) { body(row) }
        }
    }
}
