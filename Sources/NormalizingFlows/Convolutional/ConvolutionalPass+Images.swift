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
        let dimension = architecture.dimension
        addMixtures(count, parameters)
        for image in 0..<count {
            let z = state + image * dimension
            if let mask = mask(of: image, before: architecture.steps) { multiply(z, by: mask, into: z, dimension) }
            results[image] = logAbsDet[image] + logPrior(z, image)
        }
    }

    /// log|det| grows by what the mixtures of channels contribute.
    private func addMixtures(_ count: Int, _ parameters: ConvolutionalParameters) {
        let steps = 0..<architecture.steps
        let all = steps.reduce(0.0) { $0 + parameters.logScale(of: $1) } * Double(architecture.positions)
        for image in 0..<count { logAbsDet[image] += conditions?.logAbsDet[hole(of: image)] ?? all }
    }

    /// log N(z; 0, 1) of the missing numbers of an image; known ones must be 0.
    private func logPrior(_ z: UnsafePointer<Float>, _ image: Int) -> Double {
        let missing = conditions?.missingCount[hole(of: image)] ?? Double(architecture.dimension)
        // −½ (z² + log 2π).
        return -0.5 * ColumnSums.squares(z, count: architecture.dimension) - 0.918_938_533_204_672_74 * missing
    }

    private func hole(of image: Int) -> Int { conditions?.count == 1 ? 0 : image }

    /// Of the numbers of an image before a step; nil where all are missing.
    private func mask(of image: Int, before step: Int) -> UnsafePointer<Float>? {
        conditions.map { UnsafePointer($0.masks[step] + $0.place(of: image, columns: architecture.depth)) }
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
    ///   - logProbabilities: log p of each image, or log p(missing | known), which costs next to nothing here.
    package func decode(
        known: UnsafePointer<Float>?, missing: UnsafePointer<Float>?, latents: UnsafePointer<Float>, count: Int,
        parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>,
        logProbabilities: UnsafeMutablePointer<Double>? = nil
    ) {
        precondition((missing == nil) == (ownConditions == nil) && (known == nil) == (missing == nil))
        if let known, let missing, let ownConditions {
            ownConditions.set(known: known, missing: missing, parameters: parameters)
        }
        decode(
            latents, given: ownConditions, count: count, parameters: parameters, into: target,
            logProbabilities: logProbabilities)
        guard let known, let missing else { return }
        let dimension = architecture.dimension
        for image in 0..<count {
            for k in 0..<dimension where missing[k] == 0 { target[image * dimension + k] = known[k] }
        }
    }

    /// The same given a hole that is shared; its known pixels come back but for rounding.
    package func decode(
        _ latents: UnsafePointer<Float>, given conditions: ConvolutionalConditions?, count: Int,
        parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>,
        logProbabilities: UnsafeMutablePointer<Double>? = nil
    ) {
        precondition(count <= capacity && !differentiates)
        precondition((conditions == nil) == (architecture.conditioner == nil))
        precondition(conditions.map { $0.count == 1 } ?? true)
        self.conditions = conditions
        let dimension = architecture.dimension, last = architecture.steps
        for image in 0..<count {
            let numbers = state + image * dimension, latent = latents + image * dimension
            for k in 0..<dimension { numbers[k] = latent[finalPixels[k]] }
            if let mask = mask(of: image, before: last) { multiply(numbers, by: mask, into: numbers, dimension) }
            logAbsDet[image] = 0
            logProbabilities?[image] = logPrior(numbers, image)
            if let known = conditions?.known[last] {
                for k in 0..<dimension { numbers[k] += known[k] }
            }
        }
        for step in (0..<architecture.steps).reversed() { decode(step, count, parameters) }
        addMixtures(count, parameters)
        let logSlopes = imageRoom
        for image in 0..<count {
            let numbers = state + image * dimension
            architecture.scale.decode(numbers, count: dimension, logSlopes: logSlopes)
            if let mask = mask(of: image, before: 0) { multiply(logSlopes, by: mask, into: logSlopes, dimension) }
            logAbsDet[image] += sum(logSlopes, dimension)
            logProbabilities?[image] += logAbsDet[image]
            for k in 0..<dimension { target[image * dimension + pixels[k]] = numbers[k] }
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
            guard let mask = mask(of: image, before: 0) else {
                logAbsDet[image] = sum(logSlopes, dimension)
                continue
            }
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
