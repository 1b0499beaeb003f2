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
        _ source: UnsafePointer<Float>, missing: UnsafePointer<Float>?, count: Int,
        parameters: ConvolutionalParameters, into results: UnsafeMutablePointer<Double>
    ) {
        precondition(count <= capacity && (missing == nil) == (ownConditions == nil))
        if let missing, let ownConditions {
            ownConditions.set(known: source, missing: missing, count: count, parameters: parameters)
        }
        evaluate(source, given: ownConditions, count: count, parameters: parameters, into: results)
    }

    /// The same for images that share their known pixels and their mask, or each have their own.
    ///
    /// - Parameter conditions: of one hole, or of as many as there are images; nil without a conditioner.
    package func evaluate(
        _ source: UnsafePointer<Float>, given conditions: ConvolutionalConditions?, count: Int,
        parameters: ConvolutionalParameters, into results: UnsafeMutablePointer<Double>
    ) {
        precondition(count <= capacity && (conditions == nil) == (architecture.conditioner == nil))
        precondition(conditions.map { $0.count == 1 || $0.count == count } ?? true)
        self.conditions = conditions
        // Of a level that nobody has set it is the least.
        if let noise = architecture.noise, hasOneLevel == nil { set(noise: noise.minimum, parameters: parameters) }
        load(source, count)
        for step in 0..<architecture.steps { encode(step, count, parameters) }
        let dimension = architecture.dimension, steps = architecture.steps
        let mixtures = (0..<steps).reduce(0.0) { $0 + parameters.logScale(of: $1) } * Double(architecture.positions)
        for image in 0..<count {
            let z = state + image * dimension
            var missing = Double(dimension), logScales = mixtures
            if let conditions {
                // Known numbers have no density: 0 adds nothing to the squares.
                multiply(
                    z, by: conditions.masks[steps] + conditions.place(of: image, columns: architecture.depth),
                    into: z, dimension)
                let hole = conditions.count == 1 ? 0 : image
                missing = conditions.missingCount[hole]
                logScales = conditions.logAbsDet[hole]
            }
            // −½ (z² + log 2π).
            results[image] =
                logAbsDet[image] + logScales - 0.5 * ColumnSums.squares(z, count: dimension)
                - 0.918_938_533_204_672_74 * missing
        }
    }

    /// What the last `evaluate` made of an image: z of each pixel, in the image's order; 0 of a known pixel.
    package func latent(of image: Int) -> [Float] {
        var result = [Float](repeating: 0, count: architecture.dimension)
        for k in result.indices { result[finalPixels[k]] = state[image * architecture.dimension + k] }
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
        parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>
    ) {
        precondition((missing == nil) == (ownConditions == nil) && (known == nil) == (missing == nil))
        if let known, let missing, let ownConditions {
            ownConditions.set(known: known, missing: missing, parameters: parameters)
        }
        decode(latents, given: ownConditions, count: count, parameters: parameters, into: target)
        guard let known, let missing else { return }
        let dimension = architecture.dimension
        for image in 0..<count {
            for k in 0..<dimension where missing[k] == 0 { target[image * dimension + k] = known[k] }
        }
    }

    /// The same given a hole that is shared; its known pixels come back but for rounding.
    package func decode(
        _ latents: UnsafePointer<Float>, given conditions: ConvolutionalConditions?, count: Int,
        parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>
    ) {
        precondition(count <= capacity && !differentiates)
        precondition((conditions == nil) == (architecture.conditioner == nil))
        precondition(conditions.map { $0.count == 1 } ?? true)
        self.conditions = conditions
        let dimension = architecture.dimension, last = architecture.steps
        for image in 0..<count {
            let numbers = state + image * dimension, latent = latents + image * dimension
            if let mask = conditions?.masks[last], let known = conditions?.known[last] {
                for k in 0..<dimension { numbers[k] = mask[k] != 0 ? latent[finalPixels[k]] : known[k] }
            } else {
                for k in 0..<dimension { numbers[k] = latent[finalPixels[k]] }
            }
        }
        for step in (0..<architecture.steps).reversed() { decode(step, count, parameters) }
        architecture.scale.decode(state, count: count * dimension)
        for image in 0..<count {
            for k in 0..<dimension { target[image * dimension + pixels[k]] = state[image * dimension + k] }
        }
    }

    /// The state ← the pixels on the flow's scale, log|det| ← what the scale contributes.
    private func load(_ source: UnsafePointer<Float>, _ count: Int) {
        let dimension = architecture.dimension, y = imageRoom, logSlopes = imageRoom + dimension
        if differentiates { images.update(from: source, count: count * dimension) }
        for image in 0..<count {
            let numbers = state + image * dimension
            architecture.scale.encode(
                source + image * dimension, count: dimension, into: y, logSlopes: logSlopes,
                room: imageRoom + 2 * dimension)
            for k in 0..<dimension { numbers[k] = y[pixels[k]] }
            guard architecture.scale != .linear else {
                logAbsDet[image] = 0
                continue
            }
            guard let conditions else {
                logAbsDet[image] = sum(logSlopes, dimension)
                continue
            }
            let mask = conditions.masks[0] + conditions.place(of: image, columns: architecture.depth)
            for k in 0..<dimension { y[k] = logSlopes[pixels[k]] }
            multiply(y, by: mask, into: y, dimension)
            logAbsDet[image] = sum(y, dimension)
        }
    }
}

/// target ← a ⊙ b.
@inline(__always)
func multiply(
    _ a: UnsafePointer<Float>, by b: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, _ count: Int
) {
    for k in 0..<count { target[k] = a[k] * b[k] }
}

/// Σ x in eight fixed lanes of double precision.
func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0), k = 0
    while k + 8 <= count {
        lanes += SIMD8<Double>(UnsafeRawPointer(x + k).loadUnaligned(as: SIMD8<Float>.self))
        k += 8
    }
    var rest = 0.0
    while k < count {
        rest += Double(x[k])
        k += 1
    }
    let half = lanes.lowHalf + lanes.highHalf, quarter = half.lowHalf + half.highHalf
    return quarter[0] + quarter[1] + rest
}
