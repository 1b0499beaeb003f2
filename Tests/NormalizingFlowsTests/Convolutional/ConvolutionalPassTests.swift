import NormalizingFlows
import Statistics
import Testing

@Suite struct ConvolutionalPassTests {
    static func decode(
        _ small: SmallConvolutional, _ latents: [Float], known: [Float]?, hole: [Float]?, count: Int
    ) throws -> [Float] {
        let pass = try small.pass(count)
        var images = [Float](repeating: .nan, count: count * small.dimension)
        if let known, let hole {
            pass.decode(
                known: known, missing: hole, latents: latents, count: count, parameters: small.parameters, into: &images
            )
        } else {
            pass.decode(
                known: nil, missing: nil, latents: latents, count: count, parameters: small.parameters, into: &images)
        }
        return images
    }

    @Test(arguments: SmallConvolutional.all.indices) func decodingUndoesEncoding(number: Int) throws {
        let small = SmallConvolutional.all[number], images = small.images(3), holes = small.holes(3)
        let pass = try small.pass(3)
        _ = small.evaluate(images, holes, in: pass)
        for image in 0..<3 {
            let places = image * small.dimension..<(image + 1) * small.dimension
            let truth = Array(images[places]), hole = holes.map { Array($0[places]) }
            let known = hole.map { hole in zip(truth, hole).map { $1 == 0 ? $0 : 0.5 } }
            let decoded = try Self.decode(small, pass.latent(of: image), known: known, hole: hole, count: 1)
            for k in decoded.indices {
                if let hole, hole[k] == 0 {
                    #expect(decoded[k] == truth[k])
                } else {
                    #expect(abs(decoded[k] - truth[k]) < 1e-4)
                }
            }
        }
    }

    /// p(x) = N(z) |det ∂z/∂x|, with the Jacobian of the missing pixels by differences of `decode`.
    @Test(arguments: SmallConvolutional.all.indices) func theLogLikelihoodIsTheChangeOfVariables(number: Int) throws {
        let small = SmallConvolutional.all[number], hole = small.holes(1)
        let free = (0..<small.dimension).filter { hole?[$0] != 0 }
        let z = NormalDistribution(mean: 0, standardDeviation: 0.5).draws(small.dimension, from: Philox(seed: 11))
        let known = hole.map { _ in small.images(1) }
        // Both sides of each latent's difference as one batch.
        let step: Float = 1e-2
        var latents: [Float] = []
        for k in free {
            for sign in [step, -step] {
                var moved = z.map { Float($0) }
                moved[k] += sign
                latents += moved
            }
        }
        let decoded = try Self.decode(small, latents, known: known, hole: hole, count: 2 * free.count)
        var jacobian = free.indices.map { column in
            free.map { pixel in
                Double(
                    decoded[2 * column * small.dimension + pixel] - decoded[(2 * column + 1) * small.dimension + pixel])
                    / (2 * Double(step))
            }
        }
        var logAbsDet = 0.0
        for pivot in jacobian.indices {
            let row = (pivot..<jacobian.count).max { jacobian[$0][pivot].magnitude < jacobian[$1][pivot].magnitude }!
            jacobian.swapAt(pivot, row)
            logAbsDet += ElementaryFunction.log(jacobian[pivot][pivot].magnitude)
            for other in pivot + 1..<max(pivot + 1, jacobian.count) {
                let factor = jacobian[other][pivot] / jacobian[pivot][pivot]
                for k in pivot..<jacobian.count { jacobian[other][k] -= factor * jacobian[pivot][k] }
            }
        }
        let prior = free.reduce(0.0) { $0 + NormalDistribution.standard.logDensity(z[$1]) }
        let image = try Self.decode(small, z.map { Float($0) }, known: known, hole: hole, count: 1)
        let value = small.evaluate(image, hole, in: try small.pass(1))[0]
        #expect(abs(value - (prior - logAbsDet)) < 0.02 * Double(free.count))
    }

    @Test(arguments: SmallConvolutional.all.indices) func anImageDoesNotSeeItsGroup(number: Int) throws {
        let small = SmallConvolutional.all[number], images = small.images(5), holes = small.holes(5)
        let together = small.evaluate(images, holes, in: try small.pass(5, differentiates: true))
        for image in 0..<5 {
            let places = image * small.dimension..<(image + 1) * small.dimension
            let alone = small.evaluate(
                Array(images[places]), holes.map { Array($0[places]) }, in: try small.pass(1))
            #expect(alone == [together[image]])
        }
    }

    /// `decode` knows log p of what it makes, and a hole that is shared is the same as one of its own.
    @Test(arguments: SmallConvolutional.all.indices) func aDrawsLogLikelihoodIsThatOfItsImage(number: Int) throws {
        let small = SmallConvolutional.all[number], pass = try small.pass(3), hole = small.holes(1)
        // Where a pixel is near 1, single precision knows little of 1 − x.
        let latents = NormalDistribution(mean: 0, standardDeviation: 0.3).draws(
            3 * small.dimension, from: Philox(seed: 2)
        ).map { Float($0) }
        var images = [Float](repeating: 0, count: latents.count), found = [0.0, 0, 0]
        var conditions: ConvolutionalConditions?
        if let hole {
            let shared = try ConvolutionalConditions(small.architecture)
            shared.set(known: small.images(1), missing: hole, parameters: small.parameters)
            conditions = shared
        }
        pass.decode(
            latents, given: conditions, count: 3, parameters: small.parameters, into: &images, logProbabilities: &found)
        var expected = [0.0, 0, 0]
        pass.evaluate(images, given: conditions, count: 3, parameters: small.parameters, into: &expected)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 4e-3 * max(1, abs(b))) }
        let own = small.evaluate(images, hole.map { $0 + $0 + $0 }, in: pass)
        // The known pixels come back but for rounding.
        for (a, b) in zip(own, expected) { #expect(abs(a - b) < 1e-3 * max(1, abs(b))) }
        let known = hole.map { _ in small.images(1) }
        let alone = try Self.decode(small, latents, known: known, hole: hole, count: 3)
        for (k, (a, b)) in zip(images, alone).enumerated() where hole?[k % small.dimension] != 0 { #expect(a == b) }
    }

    /// What missing pixels hold says nothing to the conditioner: draws given the known ones are the same.
    @Test func drawsDependOnKnownPixelsOnly() throws {
        let small = SmallConvolutional.all[1], hole = try #require(small.holes(1))
        let latents = small.images(2, seed: 20), known = small.images(1)
        let other = zip(known, hole).map { $1 == 0 ? $0 : 0.123 }
        let first = try Self.decode(small, latents, known: known, hole: hole, count: 2)
        #expect(try Self.decode(small, latents, known: other, hole: hole, count: 2) == first)
        // And on all of them.
        let place = try #require(hole.firstIndex(of: 0))
        var changed = known
        changed[place] = 1 - changed[place]
        let second = try Self.decode(small, latents, known: changed, hole: hole, count: 2)
        #expect(zip(first, second).enumerated().contains { $0.offset != place && $0.element.0 != $0.element.1 })
    }

    /// With respect to the pixels, by central differences, which say something else over a rectifier's kink: a few may.
    @Test(arguments: SmallConvolutional.all.indices) func theGradientOfPixelsIsTheLimitOfDifferences(number: Int) throws
    {
        let small = SmallConvolutional.all[number], images = small.images(2), holes = small.holes(2)
        let pass = try small.pass(2, differentiates: true)
        _ = small.evaluate(images, holes, in: pass)
        var slopes = [Float](repeating: 0, count: images.count)
        pass.backPropagate(
            count: 2, weight: 1, parameters: small.parameters, gradient: nil, inputSlopes: &slopes)
        var wrong: [String] = []
        for k in images.indices where holes?[k] != 0 {
            var up = images, down = images
            up[k] += 1e-3
            down[k] -= 1e-3
            let difference =
                (small.evaluate(up, holes, in: pass).reduce(0, +) - small.evaluate(down, holes, in: pass).reduce(0, +))
                / Double(up[k] - down[k])
            if abs(Double(slopes[k]) - difference) > 2e-2 * max(1, abs(difference)) {
                wrong.append("pixel \(k): \(slopes[k]), by differences \(difference)")
            }
        }
        #expect(wrong.count <= images.count / 16, "\(wrong)")
    }
}
