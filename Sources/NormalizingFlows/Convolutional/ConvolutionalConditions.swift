import LinearAlgebra

/// What a conditional flow makes of known pixels and a mask before it looks at the missing pixels. It serves any number
/// of images that share their known pixels and their mask.
///
/// `@unchecked Sendable`: `set` is called by one thread while nobody else has the object; what it leaves is only read
/// until the next call.
public final class ConvolutionalConditions: @unchecked Sendable {
    package let architecture: ConvolutionalArchitecture
    /// How many holes there are room for, and how many there are.
    package let capacity: Int
    package private(set) var count = 0
    let conditioner: ConditionerPass
    private let storage = Storage(chunk: 1 << 22)
    /// Before each step and after the last, in the order that the numbers have there: 1 for a missing number, 0 for a
    /// known one, and the known numbers with zeros for the missing ones. Each (positions, depth).
    let masks, known: [UnsafeMutablePointer<Float>]
    /// The mask of the numbers that each step's coupling moves: (positions, moved).
    let movedMasks: [UnsafeMutablePointer<Float>]
    /// What the features add to the first layer of each coupling's network, bias included: (positions, hidden). Without
    /// room for them they are computed when they are needed.
    private let terms: [UnsafeMutablePointer<Float>]
    /// Σ log s of each hole's missing numbers, over all steps, and their number.
    let logAbsDet: UnsafeMutablePointer<Double>
    let missingCount: UnsafeMutablePointer<Double>
    private let room: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - keepsTerms: for holes that many images share.
    ///   - differentiates: keep what the conditioner's back-propagation needs.
    package init(
        _ architecture: ConvolutionalArchitecture, capacity: Int = 1, keepsTerms: Bool = true,
        differentiates: Bool = false
    ) throws(OutOfMemory) {
        precondition(architecture.conditioner != nil)
        self.architecture = architecture
        self.capacity = capacity
        let storage = storage, rows = capacity * architecture.positions, steps = architecture.steps
        func matrices(_ count: Int, _ columns: Int) throws(OutOfMemory) -> [UnsafeMutablePointer<Float>] {
            var result: [UnsafeMutablePointer<Float>] = []
            for _ in 0..<count { result.append(try storage.make(Float.self, count: rows * columns)) }
            return result
        }
        conditioner = try ConditionerPass(
            architecture, capacity: capacity, differentiates: differentiates, in: storage)
        masks = try matrices(steps + 1, architecture.depth)
        known = try matrices(steps + 1, architecture.depth)
        movedMasks = try matrices(steps, architecture.moved)
        terms = try matrices(keepsTerms ? steps : 0, architecture.hidden)
        logAbsDet = try storage.make(Double.self, count: capacity)
        missingCount = try storage.make(Double.self, count: capacity)
        room = try storage.make(Float.self, count: 4 * architecture.dimension)
    }

    /// Takes in the holes of `count` images.
    ///
    /// - Parameters:
    ///   - images: (count, D), pixels in 0…1; what missing ones hold does not matter.
    ///   - missing: (count, D), 1 for a missing pixel, 0 for a known one.
    package func set(
        known images: UnsafePointer<Float>, missing: UnsafePointer<Float>, count: Int = 1,
        parameters: ConvolutionalParameters
    ) {
        precondition(count <= capacity)
        self.count = count
        let grid = architecture.grid(count), depth = architecture.depth, kept = architecture.kept
        let moved = architecture.moved
        load(images, missing, count)
        conditioner.evaluate(grid, parameters)
        for image in 0..<count { logAbsDet[image] = 0 }
        for step in 0..<architecture.steps {
            let permutation = parameters.steps[step].permutation
            let logScale = parameters.pointer(parameters.layout.steps[step].logScale)
            let mask = masks[step + 1]
            for row in 0..<grid.count {
                for k in 0..<depth {
                    mask[row * depth + k] = masks[step][row * depth + permutation[k]]
                    known[step + 1][row * depth + k] = known[step][row * depth + permutation[k]]
                }
                copy(mask + row * depth + kept, into: movedMasks[step] + row * moved, moved)
                var sum = 0.0
                for k in 0..<depth { sum += Double(mask[row * depth + k] * logScale[k]) }
                logAbsDet[row / architecture.positions] += sum
            }
            if !terms.isEmpty { computeTerms(of: step, parameters, into: terms[step]) }
        }
    }

    private func load(_ images: UnsafePointer<Float>, _ missing: UnsafePointer<Float>, _ count: Int) {
        let dimension = architecture.dimension, depth = architecture.depth, pixels = architecture.pixels
        let positions = architecture.positions
        for image in 0..<count {
            let x = images + image * dimension, hole = missing + image * dimension
            architecture.scale.encode(
                x, count: dimension, into: room, logSlopes: room + dimension, room: room + 2 * dimension)
            var sum = 0.0
            for k in 0..<dimension {
                let pixel = pixels[k], place = image * dimension + k, isMissing = hole[pixel] != 0
                masks[0][place] = isMissing ? 1 : 0
                known[0][place] = isMissing ? 0 : room[pixel]
                let input = conditioner.input + (image * positions + k / depth) * 2 * depth + k % depth
                input[0] = isMissing ? 0 : 2 * x[pixel] - 1
                input[depth] = isMissing ? 1 : 0
                sum += isMissing ? 1 : 0
            }
            missingCount[image] = sum
        }
    }

    /// target ← what the features add to a step's first layer, bias included, for each of `images` images.
    func addTerms(
        of step: Int, images: Int, _ parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>
    ) {
        let size = count * architecture.positions * architecture.hidden
        if terms.isEmpty {
            computeTerms(of: step, parameters, into: target)
        } else {
            target.update(from: terms[step], count: size)
        }
        // Of a shared hole each image has the same.
        for image in stride(from: count, to: images, by: 1) {
            (target + image * size).update(from: target, count: size)
        }
    }

    private func computeTerms(
        of step: Int, _ parameters: ConvolutionalParameters, into target: UnsafeMutablePointer<Float>
    ) {
        let tensors = parameters.layout.steps[step], hidden = architecture.hidden, features = architecture.features
        guard let weight = tensors.featureWeight else { return }
        MatrixProduct(
            MatrixView(conditioner.features, stride: features), parameters.matrix(weight), into: target,
            stride: hidden, rows: count * architecture.positions, columns: hidden, depth: features
        ).adding(bias: parameters.pointer(tensors.inBias)).multiply()
    }

    /// The place of an image's hole among those of a matrix with `columns` columns.
    func place(of image: Int, columns: Int) -> Int {
        count == 1 ? 0 : image * architecture.positions * columns
    }
}
