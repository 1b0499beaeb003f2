import LinearAlgebra
import Statistics

extension ConvolutionalPass {
    /// The state ← the step's output; log|det| grows.
    ///
    /// - Parameter mask: in the order of the state, (positions, depth); it is left in the order after the step in the
    ///   step's room. nil without a conditioner: then all numbers are missing.
    func encode(_ step: Int, _ count: Int, mask: UnsafePointer<Float>?, _ parameters: ParameterArray) {
        let tensors = layout.steps[step], room = room(of: step), depth = architecture.depth
        let rows = grid(count).count, permutation = permutations[step]
        permute(state, into: otherState, by: permutation, rows: rows)
        if let mask {
            permute(mask, into: otherSlope, by: permutation, rows: rows)
            room.mask.update(from: otherSlope, count: rows * depth)
        }
        let input = otherState, mask = room.mask
        // w = m (U + diag s) (m x).
        for k in 0..<rows * depth { room.first[k] = mask[k] * input[k] }
        MatrixProduct(
            MatrixView(room.first, stride: depth), parameters.matrix(tensors.upper).transposed, into: room.second,
            stride: depth, rows: rows, columns: depth, depth: depth
        ).multiply()
        let logScale = parameters.pointer(tensors.logScale), bias = parameters.pointer(tensors.bias)
        let scale = SingleElementaryFunction.exp(Array(UnsafeBufferPointer(start: logScale, count: depth)))
        for row in 0..<rows {
            for k in 0..<depth {
                let place = row * depth + k
                room.second[place] = mask[place] * (room.second[place] + scale[k] * room.first[place])
            }
        }
        // y = m (L w + b) + (1 − m) x.
        MatrixProduct(
            MatrixView(room.second, stride: depth), parameters.matrix(tensors.lower).transposed, into: state,
            stride: depth, rows: rows, columns: depth, depth: depth
        ).multiply()
        for row in 0..<rows {
            for k in 0..<depth {
                let place = row * depth + k
                let mapped = state[place] + room.second[place] + bias[k]
                state[place] = mask[place] * mapped + (1 - mask[place]) * input[place]
            }
        }
        couple(step, count, parameters) { row, place, logScale, scale, shift in
            let mask = mask[row]
            room.moved[place] = state[row]
            state[row] += mask * (state[row] * (scale - 1) + shift)
            room.logScale[place] = mask * logScale
            room.scale[place] = scale
        }
        let positions = architecture.positions, moved = architecture.moved
        for image in 0..<count {
            var sum = 0.0
            for position in image * positions..<(image + 1) * positions {
                for k in 0..<depth { sum += Double(mask[position * depth + k] * logScale[k]) }
                for k in 0..<moved { sum += Double(room.logScale[position * moved + k]) }
            }
            logAbsDet[image] += sum
        }
    }

    /// The state ← the step's input, of the step's output: what the known numbers are stays.
    ///
    /// The step's room holds the mask in the order after the step's permutation.
    func decode(_ step: Int, _ count: Int, _ parameters: ParameterArray) {
        let tensors = layout.steps[step], room = room(of: step), depth = architecture.depth
        let rows = grid(count).count
        couple(step, count, parameters) { row, _, logScale, scale, shift in
            state[row] += room.mask[row] * ((state[row] - shift) / scale - state[row])
        }
        let logScale = parameters.pointer(tensors.logScale)
        let scale = SingleElementaryFunction.exp(Array(UnsafeBufferPointer(start: logScale, count: depth)))
        let factors = TriangularFactors(
            lower: parameters.matrix(tensors.lower), upper: parameters.matrix(tensors.upper), scale: scale,
            bias: parameters.pointer(tensors.bias), depth: depth)
        factors.solve(state, mask: room.mask, rows: rows)
        let permutation = permutations[step]
        for row in 0..<rows {
            for k in 0..<depth { otherState[row * depth + permutation[k]] = state[row * depth + k] }
        }
        state.update(from: otherState, count: rows * depth)
    }

    /// Calls `body` for each number that the coupling moves, with its place in the state, its place among the moved
    /// numbers, its log-scale, scale and shift.
    private func couple(
        _ step: Int, _ count: Int, _ parameters: ParameterArray,
        _ body: (_ row: Int, _ place: Int, _ logScale: Float, _ scale: Float, _ shift: Float) -> Void
    ) {
        let room = room(of: step), grid = grid(count), rows = grid.count
        let depth = architecture.depth, kept = architecture.kept, moved = architecture.moved
        for row in 0..<rows {
            for k in 0..<kept { room.kept[row * kept + k] = state[row * depth + k] }
        }
        evaluateNetwork(step, count, parameters)
        // The log-scale is 2 tanh(r / 2): between −2 and 2, and r where that is small.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * moved) { buffer in
            let bounded = UnsafeMutableBufferPointer(rebasing: buffer[..<moved])
            let scale = UnsafeMutableBufferPointer(rebasing: buffer[moved...])
            for row in 0..<rows {
                let output = outputs + row * 2 * moved
                for k in 0..<moved { bounded[k] = 0.5 * output[k] }
                SingleElementaryFunction.tanh.apply(to: UnsafeBufferPointer(bounded), into: bounded)
                for k in 0..<moved { bounded[k] *= 2 }
                SingleElementaryFunction.exp.apply(to: UnsafeBufferPointer(bounded), into: scale)
                for k in 0..<moved {
                    body(row * depth + kept + k, row * moved + k, bounded[k], scale[k], output[moved + k])
                }
            }
        }
    }

    /// Log-scales before their bound and shifts, of the kept numbers in the step's room.
    private func evaluateNetwork(_ step: Int, _ count: Int, _ parameters: ParameterArray) {
        let tensors = layout.steps[step], room = room(of: step), grid = grid(count), rows = grid.count
        let kept = architecture.kept, moved = architecture.moved, hidden = architecture.hidden
        let first = room.hidden[0], second = room.hidden[1]
        grid.gather(room.kept, channels: kept, into: neighbors, stride: 9 * kept)
        var product = MatrixProduct(
            MatrixView(neighbors, stride: 9 * kept), parameters.matrix(tensors.inWeight), into: first, stride: hidden,
            rows: rows, columns: hidden, depth: 9 * kept)
        let inBias = parameters.pointer(tensors.inBias)
        if let conditioner, let featureWeight = tensors.featureWeight {
            conditioner.addTerms(
                parameters.matrix(featureWeight), bias: inBias, hidden: hidden, rows: rows, into: first)
            product = product.accumulating()
        } else {
            product = product.adding(bias: inBias)
        }
        product.rectified().multiply()
        MatrixProduct(
            MatrixView(first, stride: hidden), parameters.matrix(tensors.midWeight), into: second, stride: hidden,
            rows: rows, columns: hidden, depth: hidden
        ).adding(bias: parameters.pointer(tensors.midBias)).rectified().multiply()
        let columns = 9 * 2 * moved
        MatrixProduct(
            MatrixView(second, stride: hidden), parameters.matrix(tensors.outWeight), into: contributions,
            stride: columns, rows: rows, columns: columns, depth: hidden
        ).multiply()
        let bias = parameters.pointer(tensors.outBias)
        for row in 0..<rows { (outputs + row * 2 * moved).update(from: bias, count: 2 * moved) }
        grid.scatter(contributions, stride: columns, channels: 2 * moved, into: outputs)
    }

    func permute(
        _ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, by permutation: [Int], rows: Int
    ) {
        let depth = architecture.depth
        permutation.withUnsafeBufferPointer { permutation in
            for row in 0..<rows {
                for k in 0..<depth { target[row * depth + k] = source[row * depth + permutation[k]] }
            }
        }
    }
}
