import LinearAlgebra
import Statistics

extension ConvolutionalPass {
    /// log p of each image in nats; with a conditioner log p(missing | known).
    ///
    /// - Parameters:
    ///   - source: (count, D), pixels in 0…1.
    ///   - missing: (count, D), 1 for a missing pixel, 0 for a known one. nil without a conditioner.
    ///   - results: `count` numbers; one that is not finite where single precision ends.
    package func evaluate(
        _ source: UnsafePointer<Float>, missing: UnsafePointer<Float>?, count: Int, parameters: UnsafePointer<Float>,
        into results: UnsafeMutablePointer<Double>
    ) {
        precondition(count <= capacity && (missing == nil) == (conditioner == nil))
        let parameters = ParameterArray(values: parameters, layout: layout)
        load(source, missing: missing, count: count)
        conditioner?.evaluate(grid(count), parameters)
        var mask = missing == nil ? nil : UnsafePointer(slope)
        for step in 0..<architecture.steps {
            encode(step, count, mask: mask, parameters)
            if missing != nil { mask = UnsafePointer(room(of: step).mask) }
        }
        let dimension = architecture.dimension, last = room(of: architecture.steps - 1).mask
        for image in 0..<count {
            var sum = logAbsDet[image]
            for k in image * dimension..<(image + 1) * dimension {
                // −½ (z² + log 2π).
                sum -= Double(last[k]) * (0.5 * Double(state[k]) * Double(state[k]) + 0.918_938_533_204_672_74)
            }
            results[image] = sum
        }
    }

    /// What the last `evaluate` made of an image: z of each pixel, in the image's order; of a known pixel its number on
    /// the logit scale.
    package func latent(of image: Int) -> [Float] {
        var result = [Float](repeating: 0, count: architecture.dimension)
        for (k, pixel) in finalPixels.enumerated() { result[pixel] = state[image * architecture.dimension + k] }
        return result
    }

    /// Images ← what a standard normal latent is decoded to, given the known pixels of one image.
    ///
    /// - Parameters:
    ///   - known: D pixels; what missing ones hold does not matter.
    ///   - missing: D numbers, 1 or 0. nil without a conditioner.
    ///   - latents: (count, D): what each missing pixel's place starts from, in the image's order.
    ///   - target: (count, D); known pixels as they were given.
    package func decode(
        known: UnsafePointer<Float>?, missing: UnsafePointer<Float>?, latents: UnsafePointer<Float>, count: Int,
        parameters: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>
    ) {
        precondition(count <= capacity && !differentiates)
        precondition((missing == nil) == (conditioner == nil) && (known == nil) == (missing == nil))
        let parameters = ParameterArray(values: parameters, layout: layout)
        let dimension = architecture.dimension, mask = stepRooms[0].mask
        if let known, let missing {
            load(known, missing: missing, count: 1)
            conditioner?.evaluate(grid(1), parameters)
            // The known numbers stay as they are through all steps, but for their order.
            for k in 0..<dimension { otherSlope[pixels[k]] = state[k] }
            for k in 0..<dimension {
                let pixel = finalPixels[k], isMissing = missing[pixel] != 0
                for image in 0..<count {
                    mask[image * dimension + k] = isMissing ? 1 : 0
                    otherState[image * dimension + k] =
                        isMissing ? latents[image * dimension + pixel] : otherSlope[pixel]
                }
            }
            state.update(from: otherState, count: count * dimension)
        } else {
            for image in 0..<count {
                for k in 0..<dimension {
                    state[image * dimension + k] = latents[image * dimension + finalPixels[k]]
                }
            }
        }
        for step in (0..<architecture.steps).reversed() {
            decode(step, count, parameters)
            if missing != nil { undoMask(step, count) }
        }
        for image in 0..<count {
            let numbers = state + image * dimension, output = target + image * dimension
            LogitScale.decode(numbers, count: dimension)
            for k in 0..<dimension {
                let pixel = pixels[k]
                if let known, let missing, missing[pixel] == 0 {
                    output[pixel] = known[pixel]
                } else {
                    output[pixel] = numbers[k]
                }
            }
        }
    }

    /// The shared room's mask ← in the order before the step.
    private func undoMask(_ step: Int, _ count: Int) {
        let mask = stepRooms[0].mask, depth = architecture.depth, permutation = permutations[step]
        let rows = grid(count).count
        for row in 0..<rows {
            for k in 0..<depth { otherState[row * depth + permutation[k]] = mask[row * depth + k] }
        }
        mask.update(from: otherState, count: rows * depth)
    }

    /// The state ← the pixels on the logit scale, the slope's memory ← the mask in their order, log|det| ← what the
    /// scale contributes; the conditioner's input.
    private func load(_ source: UnsafePointer<Float>, missing: UnsafePointer<Float>?, count: Int) {
        let dimension = architecture.dimension, depth = architecture.depth
        images.update(from: source, count: count * dimension)
        let y = imageRoom, logSlopes = imageRoom + dimension, room = imageRoom + 2 * dimension
        for image in 0..<count {
            let x = source + image * dimension
            LogitScale.encode(x, count: dimension, into: y, logSlopes: logSlopes, room: room)
            var sum = 0.0
            for k in 0..<dimension {
                let pixel = pixels[k], place = image * dimension + k
                state[place] = y[pixel]
                guard let missing, let conditioner else {
                    sum += Double(logSlopes[pixel])
                    continue
                }
                let isMissing = missing[image * dimension + pixel]
                slope[place] = isMissing
                sum += Double(isMissing * logSlopes[pixel])
                let input = conditioner.input + (image * architecture.positions + k / depth) * 2 * depth + k % depth
                input[0] = (1 - isMissing) * (2 * x[pixel] - 1)
                input[depth] = isMissing
            }
            logAbsDet[image] = sum
        }
    }
}
