import LinearAlgebra
import Statistics

extension ConvolutionalPass {
    /// The state ← the step's output; log|det| grows by what the coupling contributes.
    func encode(_ step: Int, _ count: Int, _ parameters: ConvolutionalParameters) {
        mix(step, count, parameters)
        let room = room(of: step), moved = architecture.moved, depth = architecture.depth, kept = architecture.kept
        let rows = architecture.grid(count).count
        evaluateNetwork(step, count, parameters)
        if trains {
            for row in 0..<rows { copy(state + row * depth, into: room.kept + row * kept, kept) }
        }
        for row in 0..<rows { copy(state + row * depth + kept, into: room.moved + row * moved, moved) }
        moving.update(from: room.moved, count: rows * moved)
        forEachMask(step, count) { mask, places in
            let first = places.lowerBound, numbers = moving + first, logScale = room.logScale + first
            switch architecture.coupling {
            case .affine:
                AffineMap.apply(
                    logits: logits + first, shifts: shifts + first, mask: mask, to: numbers, into: numbers,
                    logScale: logScale, scale: room.scale + first, count: places.count)
            case .spline(let spline):
                spline.apply(
                    room.outputs + first * spline.outputs, moved: moved, mask: mask, to: numbers, into: numbers,
                    logScale: logScale, count: places.count)
            }
        }
        for row in 0..<rows { copy(moving + row * moved, into: state + row * depth + kept, moved) }
        addLogScales(of: room, count)
    }

    private func addLogScales(of room: StepRoom, _ count: Int) {
        let size = architecture.positions * architecture.moved
        for image in 0..<count { logAbsDet[image] += sum(room.logScale + image * size, size) }
    }

    /// The state ← the step's input, of the step's output: what the known numbers are stays. log|det| grows by what the
    /// coupling contributes to that of the step.
    func decode(_ step: Int, _ count: Int, _ parameters: ConvolutionalParameters) {
        let room = room(of: step), moved = architecture.moved, depth = architecture.depth, kept = architecture.kept
        let rows = architecture.grid(count).count
        evaluateNetwork(step, count, parameters)
        for row in 0..<rows { copy(state + row * depth + kept, into: moving + row * moved, moved) }
        forEachMask(step, count) { mask, places in
            let first = places.lowerBound, numbers = moving + first, logScale = room.logScale + first
            switch architecture.coupling {
            case .affine:
                AffineMap.undo(
                    logits: logits + first, shifts: shifts + first, mask: mask, on: numbers, logScale: logScale,
                    count: places.count)
            case .spline(let spline):
                spline.undo(
                    room.outputs + first * spline.outputs, moved: moved, mask: mask, on: numbers,
                    logScale: logScale, count: places.count)
            }
        }
        for row in 0..<rows { copy(moving + row * moved, into: state + row * depth + kept, moved) }
        addLogScales(of: room, count)
        parameters.mixture(of: step).undo(
            state, mask: conditions?.masks[step + 1], period: architecture.positions, into: otherState, rows: rows)
        swap(&state, &otherState)
    }

    /// Calls `body` with the mask of the numbers that a coupling moves, and their places: once for each image, or for
    /// all where none is known.
    func forEachMask(_ step: Int, _ count: Int, _ body: (UnsafePointer<Float>?, Range<Int>) -> Void) {
        let moved = architecture.moved, size = architecture.positions * moved
        guard let conditions else { return body(nil, 0..<count * size) }
        for image in 0..<count {
            body(
                conditions.movedMasks[step] + conditions.place(of: image, columns: moved),
                image * size..<(image + 1) * size)
        }
    }

    /// The state ← the step's mixture of channels.
    private func mix(_ step: Int, _ count: Int, _ parameters: ConvolutionalParameters) {
        let depth = architecture.depth, rows = architecture.grid(count).count, prepared = parameters.steps[step]
        func product(
            _ source: UnsafePointer<Float>, _ factor: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
        ) -> MatrixProduct {
            MatrixProduct(
                MatrixView(source, stride: depth), MatrixView(factor, stride: depth), into: target, stride: depth,
                rows: rows, columns: depth, depth: depth)
        }
        let bias = parameters.pointer(parameters.layout.steps[step].bias)
        if let both = prepared.both, !trains {
            product(state, both, into: otherState).adding(bias: bias).multiply()
            swap(&state, &otherState)
            return
        }
        let room = room(of: step)
        guard let conditions else {
            room.first.update(from: state, count: rows * depth)
            product(room.first, prepared.upper, into: room.second).multiply()
            product(room.second, prepared.lower, into: state).adding(bias: bias).multiply()
            return
        }
        // The missing numbers are mapped by the factors without the known numbers' rows and columns.
        let dimension = architecture.dimension
        for image in 0..<count {
            let place = image * dimension, mask = conditions.place(of: image, columns: depth)
            multiply(state + place, by: conditions.masks[step] + mask, into: room.first + place, dimension)
        }
        product(room.first, prepared.upper, into: room.second).multiply()
        for image in 0..<count {
            let place = image * dimension, mask = conditions.place(of: image, columns: depth)
            multiply(room.second + place, by: conditions.masks[step + 1] + mask, into: room.second + place, dimension)
        }
        product(room.second, prepared.lower, into: state).adding(bias: bias).multiply()
        for image in 0..<count {
            let hole = conditions.place(of: image, columns: depth), numbers = state + image * dimension
            let mask = conditions.masks[step + 1] + hole, known = conditions.known[step + 1] + hole
            for k in 0..<dimension { numbers[k] = mask[k] * numbers[k] + known[k] }
        }
    }

    /// What the kept numbers in the state say of the others: log-scales before their bound and shifts, or the outputs of
    /// splines.
    private func evaluateNetwork(_ step: Int, _ count: Int, _ parameters: ConvolutionalParameters) {
        let tensors = parameters.layout.steps[step], room = room(of: step), grid = architecture.grid(count)
        let rows = grid.count, taps = grid.taps, depth = architecture.depth
        let kept = architecture.kept, moved = architecture.moved, hidden = architecture.hidden
        let first = room.hidden[0], second = room.hidden[1]
        var input = MatrixView(state, stride: depth)
        if taps > 1 {
            grid.gather(state, channels: kept, sourceStride: depth, into: neighbors, stride: taps * kept)
            input = MatrixView(neighbors, stride: taps * kept)
        }
        var product = MatrixProduct(
            input, parameters.matrix(tensors.inWeight), into: first, stride: hidden, rows: rows, columns: hidden,
            depth: taps * kept)
        if let conditions {
            conditions.addTerms(of: step, images: count, parameters, into: first)
            product = product.accumulating()
        } else {
            product = adding(noiseOf: step, rows: rows, to: product, into: first, parameters)
        }
        product.rectified().multiply()
        MatrixProduct(
            MatrixView(first, stride: hidden), parameters.matrix(tensors.midWeight), into: second, stride: hidden,
            rows: rows, columns: hidden, depth: hidden
        ).adding(bias: parameters.pointer(tensors.midBias)).rectified().multiply()
        guard architecture.coupling == .affine else {
            let columns = architecture.outputs * moved
            MatrixProduct(
                MatrixView(second, stride: hidden), parameters.matrix(tensors.outWeight), into: room.outputs,
                stride: columns, rows: rows, columns: columns, depth: hidden
            ).adding(bias: parameters.pointer(tensors.outBias)).multiply()
            return
        }
        let columns = taps * 2 * moved
        MatrixProduct(
            MatrixView(second, stride: hidden), parameters.matrix(tensors.outWeight), into: contributions,
            stride: columns, rows: rows, columns: columns, depth: hidden
        ).multiply()
        let bias = parameters.pointer(tensors.outBias)
        for row in 0..<rows {
            copy(bias, into: logits + row * moved, moved)
            copy(bias + moved, into: shifts + row * moved, moved)
        }
        for (offset, target) in [(0, logits), (moved, shifts)] {
            grid.scatter(
                contributions + offset, stride: columns, tapStride: 2 * moved, channels: moved, into: target)
        }
    }
}
