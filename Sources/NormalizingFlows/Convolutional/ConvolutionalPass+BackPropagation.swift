import LinearAlgebra
import Statistics

extension ConvolutionalPass {
    /// The gradient of weight · Σ log p over the images of the last `evaluate`, which must have kept what is needed.
    ///
    /// - Parameters:
    ///   - gradient: of the parameters, in their layout; its numbers are replaced. nil where it is not wanted.
    ///   - inputSlopes: (count, D), with respect to the pixels; those of known pixels mean nothing.
    package func backPropagate(
        count: Int, weight: Float, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?,
        inputSlopes: UnsafeMutablePointer<Float>?
    ) {
        precondition(differentiates)
        let parameters = ParameterArray(values: parameters, layout: layout)
        let rows = grid(count).count, depth = architecture.depth, dimension = architecture.dimension
        let mask = room(of: architecture.steps - 1).mask
        for k in 0..<rows * depth { slope[k] = -weight * mask[k] * state[k] }
        conditioner?.slope.update(repeating: 0, count: rows * architecture.features)
        for step in (0..<architecture.steps).reversed() {
            differentiateCoupling(step, count, weight, parameters, gradient)
            differentiateConvolution(step, count, weight, parameters, gradient)
        }
        if let gradient { conditioner?.backPropagate(grid(count), parameters, gradient: gradient) }
        guard let inputSlopes else { return }
        for image in 0..<count {
            for k in 0..<dimension {
                let pixel = image * dimension + pixels[k]
                inputSlopes[pixel] = LogitScale.slope(
                    slope[image * dimension + k], weight: weight, at: images[pixel])
            }
        }
    }

    /// The slope ← that before the coupling.
    private func differentiateCoupling(
        _ step: Int, _ count: Int, _ weight: Float, _ parameters: ParameterArray,
        _ gradient: UnsafeMutablePointer<Float>?
    ) {
        let tensors = layout.steps[step], room = room(of: step), grid = grid(count), rows = grid.count
        let depth = architecture.depth, kept = architecture.kept, moved = architecture.moved
        let hidden = architecture.hidden, width = 2 * moved
        // `outputs` becomes the gradient with respect to what the network gave: r, whose log-scale is 2 tanh(r / 2), and
        // the shift.
        for row in 0..<rows {
            for k in 0..<moved {
                let place = row * moved + k, number = row * depth + kept + k
                let mask = room.mask[number], g = slope[number], logScale = room.logScale[place]
                let change = mask * (g * room.moved[place] * room.scale[place] + weight)
                outputs[row * width + k] = change * (1 - 0.25 * logScale * logScale)
                outputs[row * width + moved + k] = mask * g
                slope[number] = g + mask * g * (room.scale[place] - 1)
            }
        }
        let columns = 9 * width
        grid.gather(outputs, channels: width, into: contributions, stride: columns)
        func product(
            _ input: UnsafePointer<Float>, _ inputs: Int, _ slope: UnsafePointer<Float>, _ outputs: Int,
            into tensor: Int
        ) {
            guard let gradient else { return }
            MatrixProduct(
                MatrixView(input, stride: inputs).transposed, MatrixView(slope, stride: outputs),
                into: gradient + layout.tensors[tensor].offset, stride: layout.tensors[tensor].stride, rows: inputs,
                columns: outputs, depth: rows
            ).multiply()
        }
        func sum(_ slope: UnsafePointer<Float>, _ columns: Int, into tensor: Int) {
            guard let gradient else { return }
            ColumnSums.sum(
                slope, stride: columns, rows: rows, columns: columns, into: gradient + layout.tensors[tensor].offset)
        }
        sum(outputs, width, into: tensors.outBias)
        product(room.hidden[1], hidden, contributions, columns, into: tensors.outWeight)
        MatrixProduct(
            MatrixView(contributions, stride: columns), parameters.matrix(tensors.outWeight).transposed,
            into: hiddenSlopes[1], stride: hidden, rows: rows, columns: hidden, depth: columns
        ).gated(by: room.hidden[1], stride: hidden).multiply()
        product(room.hidden[0], hidden, hiddenSlopes[1], hidden, into: tensors.midWeight)
        sum(hiddenSlopes[1], hidden, into: tensors.midBias)
        MatrixProduct(
            MatrixView(hiddenSlopes[1], stride: hidden), parameters.matrix(tensors.midWeight).transposed,
            into: hiddenSlopes[0], stride: hidden, rows: rows, columns: hidden, depth: hidden
        ).gated(by: room.hidden[0], stride: hidden).multiply()
        if gradient != nil { grid.gather(room.kept, channels: kept, into: neighbors, stride: 9 * kept) }
        product(neighbors, 9 * kept, hiddenSlopes[0], hidden, into: tensors.inWeight)
        sum(hiddenSlopes[0], hidden, into: tensors.inBias)
        if let conditioner, let featureWeight = tensors.featureWeight, gradient != nil {
            product(conditioner.features, architecture.features, hiddenSlopes[0], hidden, into: featureWeight)
            MatrixProduct(
                MatrixView(hiddenSlopes[0], stride: hidden), parameters.matrix(featureWeight).transposed,
                into: conditioner.slope, stride: architecture.features, rows: rows, columns: architecture.features,
                depth: hidden
            ).accumulating().multiply()
        }
        MatrixProduct(
            MatrixView(hiddenSlopes[0], stride: hidden), parameters.matrix(tensors.inWeight).transposed,
            into: neighbors, stride: 9 * kept, rows: rows, columns: 9 * kept, depth: hidden
        ).multiply()
        keptSlope.update(repeating: 0, count: rows * kept)
        grid.scatter(neighbors, stride: 9 * kept, channels: kept, into: keptSlope)
        for row in 0..<rows {
            for k in 0..<kept { slope[row * depth + k] += keptSlope[row * kept + k] }
        }
    }

    /// The slope ← that before the permutation and the two factors.
    private func differentiateConvolution(
        _ step: Int, _ count: Int, _ weight: Float, _ parameters: ParameterArray,
        _ gradient: UnsafeMutablePointer<Float>?
    ) {
        let tensors = layout.steps[step], room = room(of: step), rows = grid(count).count
        let depth = architecture.depth, mask = room.mask, logScale = parameters.pointer(tensors.logScale)
        let scale = SingleElementaryFunction.exp(Array(UnsafeBufferPointer(start: logScale, count: depth)))
        // `state` becomes m g: what flows into the missing numbers' map.
        for k in 0..<rows * depth { state[k] = mask[k] * slope[k] }
        if let gradient {
            ColumnSums.sum(
                state, stride: depth, rows: rows, columns: depth,
                into: gradient + layout.tensors[tensors.bias].offset)
            triangle(state, room.second, rows, isLower: true, into: gradient, tensors.lower)
        }
        // otherState: the gradient with respect to w.
        MatrixProduct(
            MatrixView(state, stride: depth), parameters.matrix(tensors.lower), into: otherState, stride: depth,
            rows: rows, columns: depth, depth: depth
        ).multiply()
        for k in 0..<rows * depth { otherState[k] = mask[k] * (otherState[k] + state[k]) }
        if let gradient {
            triangle(otherState, room.first, rows, isLower: false, into: gradient, tensors.upper)
            let sums = gradient + layout.tensors[tensors.logScale].offset
            for k in 0..<depth { sums[k] = 0 }
            for row in 0..<rows {
                for k in 0..<depth {
                    let place = row * depth + k
                    sums[k] += otherState[place] * room.first[place] * scale[k] + weight * mask[place]
                }
            }
        }
        MatrixProduct(
            MatrixView(otherState, stride: depth), parameters.matrix(tensors.upper), into: otherSlope, stride: depth,
            rows: rows, columns: depth, depth: depth
        ).multiply()
        let permutation = permutations[step]
        for row in 0..<rows {
            for k in 0..<depth {
                let place = row * depth + k
                let mapped = otherSlope[place] + scale[k] * otherState[place]
                state[row * depth + permutation[k]] = mask[place] * mapped + (1 - mask[place]) * slope[place]
            }
        }
        slope.update(from: state, count: rows * depth)
    }

    /// The gradient of a triangular factor: Σ slope(i) · input(j) where the factor may have an entry (i, j).
    private func triangle(
        _ slope: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ rows: Int, isLower: Bool,
        into gradient: UnsafeMutablePointer<Float>, _ tensor: Int
    ) {
        let depth = architecture.depth, layout = layout.tensors[tensor]
        let target = gradient + layout.offset
        MatrixProduct(
            MatrixView(slope, stride: depth).transposed, MatrixView(input, stride: depth), into: target,
            stride: layout.stride, rows: depth, columns: depth, depth: rows
        ).multiply()
        for i in 0..<depth {
            for j in 0..<depth where isLower ? j >= i : j <= i { target[i * layout.stride + j] = 0 }
        }
    }
}
