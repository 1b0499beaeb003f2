import LinearAlgebra
import Statistics

extension ConvolutionalPass {
    /// The gradient of weight · Σ log p over the images of the last `evaluate`, which must have kept what is needed.
    ///
    /// - Parameters:
    ///   - gradient: of the parameters, in their layout; its numbers are replaced. nil where it is not wanted; a pass that
    ///     trains has to be asked.
    ///   - inputSlopes: (count, D), with respect to the pixels; those of known pixels mean nothing.
    ///   - regression: what the features are asked for besides, with the gradient.
    /// - Returns: the squared errors of the regression.
    @discardableResult
    package func backPropagate(
        count: Int, weight: Float, parameters: ConvolutionalParameters, gradient: UnsafeMutablePointer<Float>?,
        inputSlopes: UnsafeMutablePointer<Float>?, regression: FeatureRegression? = nil
    ) -> Double {
        precondition(differentiates && (gradient == nil || trains && conditions === ownConditions))
        // A gradient of the parameters is that of images each with its own level.
        precondition(gradient == nil || noiseFeatures == nil || hasOneLevel == false)
        let grid = architecture.grid(count), rows = grid.count
        let depth = architecture.depth, dimension = architecture.dimension
        // Known numbers are 0 here.
        for k in 0..<rows * depth { slope[k] = -weight * state[k] }
        if gradient != nil, let conditioner = conditions?.conditioner {
            conditioner.slope.update(repeating: 0, count: rows * architecture.features)
        }
        for step in (0..<architecture.steps).reversed() {
            differentiateCoupling(step, count, weight, parameters, gradient)
            differentiateMixture(step, count, weight, parameters, gradient)
        }
        var squares = 0.0
        if let gradient {
            if let regression {
                squares = differentiate(
                    regression, count: count, scale: -weight * regression.importance, parameters, gradient)
            }
            conditions?.conditioner.backPropagate(grid, parameters, gradient: gradient)
        }
        guard let inputSlopes else { return squares }
        let scale = architecture.scale
        for image in 0..<count {
            for k in 0..<dimension {
                let pixel = image * dimension + pixels[k]
                inputSlopes[pixel] = scale.slope(slope[image * dimension + k], weight: weight, at: images[pixel])
            }
        }
        return squares
    }

    /// The slope ← that before the coupling.
    private func differentiateCoupling(
        _ step: Int, _ count: Int, _ weight: Float, _ parameters: ConvolutionalParameters,
        _ gradient: UnsafeMutablePointer<Float>?
    ) {
        let tensors = parameters.layout.steps[step], room = room(of: step), grid = architecture.grid(count)
        let prepared = parameters.steps[step], rows = grid.count, taps = grid.taps, layout = parameters.layout
        let depth = architecture.depth, kept = architecture.kept, moved = architecture.moved
        let hidden = architecture.hidden
        for row in 0..<rows { copy(slope + row * depth + kept, into: moving + row * moved, moved) }
        // What the network gave becomes the gradient with respect to it.
        forEachMask(step, count) { mask, places in
            let first = places.lowerBound
            switch architecture.coupling {
            case .affine:
                AffineMap.differentiate(
                    x: room.moved + first, mask: mask, logScale: room.logScale + first, scale: room.scale + first,
                    weight: weight, slope: moving + first, logitSlopes: logits + first, shiftSlopes: shifts + first,
                    count: places.count)
            case .spline(let spline):
                spline.differentiate(
                    room.outputs + first * spline.outputs, moved: moved, x: room.moved + first, mask: mask,
                    weight: weight, slope: moving + first, count: places.count)
            }
        }
        for row in 0..<rows { copy(moving + row * moved, into: slope + row * depth + kept, moved) }
        let isAffine = architecture.coupling == .affine
        let columns = isAffine ? taps * 2 * moved : architecture.outputs * moved
        let contributions = isAffine ? contributions : room.outputs
        if isAffine {
            for (offset, source) in [(0, logits), (moved, shifts)] {
                grid.gather(
                    source, channels: moved, into: contributions + offset, stride: columns, tapStride: 2 * moved)
            }
        }
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
        func sum(_ slope: UnsafePointer<Float>, _ columns: Int, into tensor: Int, at place: Int = 0) {
            guard let gradient else { return }
            ColumnSums.sum(
                slope, stride: columns, rows: rows, columns: columns,
                into: gradient + layout.tensors[tensor].offset + place)
        }
        if isAffine {
            sum(logits, moved, into: tensors.outBias)
            sum(shifts, moved, into: tensors.outBias, at: moved)
        } else {
            sum(contributions, columns, into: tensors.outBias)
        }
        product(room.hidden[1], hidden, contributions, columns, into: tensors.outWeight)
        MatrixProduct(
            MatrixView(contributions, stride: columns),
            parameters.transposed(tensors.outWeight, prepared.outTransposed), into: hiddenSlopes[1], stride: hidden,
            rows: rows, columns: hidden, depth: columns
        ).gated(by: room.hidden[1], stride: hidden).multiply()
        product(room.hidden[0], hidden, hiddenSlopes[1], hidden, into: tensors.midWeight)
        sum(hiddenSlopes[1], hidden, into: tensors.midBias)
        MatrixProduct(
            MatrixView(hiddenSlopes[1], stride: hidden),
            parameters.transposed(tensors.midWeight, prepared.midTransposed), into: hiddenSlopes[0], stride: hidden,
            rows: rows, columns: hidden, depth: hidden
        ).gated(by: room.hidden[0], stride: hidden).multiply()
        if gradient != nil { grid.gather(room.kept, channels: kept, into: neighbors, stride: taps * kept) }
        product(neighbors, taps * kept, hiddenSlopes[0], hidden, into: tensors.inWeight)
        sum(hiddenSlopes[0], hidden, into: tensors.inBias)
        if let noiseFeatures, let featureWeight = tensors.featureWeight {
            product(noiseFeatures, NoiseLevels.features, hiddenSlopes[0], hidden, into: featureWeight)
        }
        if let conditioner = conditions?.conditioner, let featureWeight = tensors.featureWeight, gradient != nil {
            product(conditioner.features, architecture.features, hiddenSlopes[0], hidden, into: featureWeight)
            MatrixProduct(
                MatrixView(hiddenSlopes[0], stride: hidden), parameters.matrix(featureWeight).transposed,
                into: conditioner.slope, stride: architecture.features, rows: rows, columns: architecture.features,
                depth: hidden
            ).accumulating().multiply()
        }
        MatrixProduct(
            MatrixView(hiddenSlopes[0], stride: hidden),
            parameters.transposed(tensors.inWeight, prepared.inTransposed), into: neighbors, stride: taps * kept,
            rows: rows, columns: taps * kept, depth: hidden
        ).multiply()
        grid.scatter(neighbors, stride: taps * kept, channels: kept, into: slope, targetStride: depth)
    }

    /// The slope ← that before the mixture of channels; that of known numbers becomes 0.
    private func differentiateMixture(
        _ step: Int, _ count: Int, _ weight: Float, _ parameters: ConvolutionalParameters,
        _ gradient: UnsafeMutablePointer<Float>?
    ) {
        let rows = architecture.grid(count).count, depth = architecture.depth
        let tensors = parameters.layout.steps[step], prepared = parameters.steps[step]
        func product(
            _ source: UnsafePointer<Float>, _ factor: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
        ) {
            MatrixProduct(
                MatrixView(source, stride: depth), MatrixView(factor, stride: depth).transposed, into: target,
                stride: depth, rows: rows, columns: depth, depth: depth
            ).multiply()
        }
        if let both = prepared.both, !trains {
            product(slope, both, into: otherSlope)
            swap(&slope, &otherSlope)
            return
        }
        let room = room(of: step)
        mask(slope, step + 1, count)
        if let gradient {
            ColumnSums.sum(
                slope, stride: depth, rows: rows, columns: depth,
                into: gradient + parameters.layout.tensors[tensors.bias].offset)
            correlate(slope, room.second, rows)
            store(tensors.lower, parameters, into: gradient) { [factorRoom] i, j in
                j < i ? factorRoom[i * depth + j] : 0
            }
        }
        product(slope, prepared.lower, into: otherSlope)
        mask(otherSlope, step + 1, count)
        if let gradient {
            correlate(otherSlope, room.first, rows)
            let permutation = prepared.permutation
            store(tensors.upper, parameters, into: gradient) { [factorRoom] i, j in
                j > i ? factorRoom[i * depth + permutation[j]] : 0
            }
            let sums = gradient + parameters.layout.tensors[tensors.logScale].offset
            for k in 0..<depth {
                var numbers = Float(rows)
                if let mask = conditions?.masks[step + 1] {
                    numbers = 0
                    for row in 0..<rows { numbers += mask[row * depth + k] }
                }
                sums[k] = factorRoom[k * depth + permutation[k]] * prepared.scale[k] + weight * numbers
            }
        }
        product(otherSlope, prepared.upper, into: slope)
        mask(slope, step, count)
    }

    /// Numbers become 0 where the state before a step has known ones.
    private func mask(_ numbers: UnsafeMutablePointer<Float>, _ step: Int, _ count: Int) {
        guard let conditions else { return }
        let dimension = architecture.dimension
        for image in 0..<count {
            let place = numbers + image * dimension
            multiply(
                place, by: conditions.masks[step] + conditions.place(of: image, columns: architecture.depth),
                into: place, dimension)
        }
    }

    /// factorRoom(i, j) ← Σ slope(i) · input(j) over the rows.
    private func correlate(_ slope: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ rows: Int) {
        let depth = architecture.depth
        MatrixProduct(
            MatrixView(slope, stride: depth).transposed, MatrixView(input, stride: depth), into: factorRoom,
            stride: depth, rows: depth, columns: depth, depth: rows
        ).multiply()
    }

    private func store(
        _ tensor: Int, _ parameters: ConvolutionalParameters, into gradient: UnsafeMutablePointer<Float>,
        _ number: (_ i: Int, _ j: Int) -> Float
    ) {
        let layout = parameters.layout.tensors[tensor], target = gradient + layout.offset
        for i in 0..<layout.rows {
            for j in 0..<layout.columns { target[i * layout.stride + j] = number(i, j) }
        }
    }
}
