import LinearAlgebra

/// A pass of a group of images through a flow of invertible convolutions, and what it leaves for the way back.
///
/// Matrices have a position of an image a row (`Grid`). What comes out for an image depends on nothing but its own
/// numbers and the parameters: neither on its group nor on the thread.
///
/// `@unchecked Sendable`: one thread at a time uses a pass; whoever hands it to another one does so through a lock.
package final class ConvolutionalPass: @unchecked Sendable {
    package let architecture: ConvolutionalArchitecture
    /// Images that the group has at most.
    package let capacity: Int
    /// Whether what back-propagation to the pixels needs is kept, and what that to the parameters needs besides.
    package let differentiates, trains: Bool

    /// The image's place of each number of a position before the first step, and after the last.
    let pixels, finalPixels: UnsafePointer<Int>
    private let storage = Storage(chunk: 1 << 22)

    /// The numbers on their way: (positions, depth).
    var state: UnsafeMutablePointer<Float>
    /// The gradient with respect to them.
    var slope: UnsafeMutablePointer<Float>
    /// Where the next of each are made.
    var otherState, otherSlope: UnsafeMutablePointer<Float>
    /// What a step leaves; one that all share where nothing is differentiated.
    let stepRooms: [StepRoom]
    /// The neighbours of the kept numbers: (positions, taps · kept).
    let neighbors: UnsafeMutablePointer<Float>
    /// Of affine couplings what positions add to the outputs of their neighbours: (positions, taps · 2 · moved).
    let contributions: UnsafeMutablePointer<Float>
    /// An affine coupling's log-scales before their bound and its shifts, and the numbers that a coupling moves:
    /// (positions, moved).
    let logits, shifts, moving: UnsafeMutablePointer<Float>
    /// The gradients with respect to hidden channels, and to the kept numbers: (positions, hidden), (positions, kept).
    let hiddenSlopes: [UnsafeMutablePointer<Float>]
    /// A gradient of a triangular factor before it is put in order: (depth, depth).
    let factorRoom: UnsafeMutablePointer<Float>
    /// Of the images' own holes; nil without a conditioner.
    let ownConditions: ConvolutionalConditions?
    /// Those of the last `evaluate`.
    var conditions: ConvolutionalConditions?
    /// What the networks see of the level of noise of each position's image, (positions, features); nil where the model is
    /// told of none.
    let noiseFeatures: UnsafeMutablePointer<Float>?
    /// The biases of the first layers for one level of all images, (steps, hidden).
    let noiseBiases: UnsafeMutablePointer<Float>?
    /// Whether all images of the next evaluation have the same level; nil where none has been set.
    var hasOneLevel: Bool?
    /// Σ log|det| of each image.
    let logAbsDet: UnsafeMutablePointer<Double>
    /// Numbers of a few images: pixels' y, slopes and what making them needs.
    let imageRoom: UnsafeMutablePointer<Float>
    /// The pixels of the group, for the way back.
    let images: UnsafeMutablePointer<Float>

    /// What a step leaves of its images.
    struct StepRoom {
        /// What U + diag(s), and what L, is applied to: (positions, depth). Only while training.
        let first, second: UnsafeMutablePointer<Float>
        /// What the coupling keeps, only while training, and moves: (positions, kept), (positions, moved).
        let kept, moved: UnsafeMutablePointer<Float>
        /// The coupling's log-scales, and of an affine one their exponentials: (positions, moved).
        let logScale, scale: UnsafeMutablePointer<Float>
        /// Of splines what the network gives, and on the way back the gradients with respect to it: (positions, outputs ·
        /// moved).
        let outputs: UnsafeMutablePointer<Float>
        /// (positions, hidden).
        let hidden: [UnsafeMutablePointer<Float>]
    }

    /// - Parameters:
    ///   - differentiates: whether `backPropagate` will be called.
    ///   - trains: whether it has to give the gradient of the parameters.
    package init(
        _ architecture: ConvolutionalArchitecture, capacity: Int, differentiates: Bool, trains: Bool = false
    ) throws(OutOfMemory) {
        self.architecture = architecture
        self.capacity = capacity
        self.differentiates = differentiates || trains
        self.trains = trains
        let depth = architecture.depth, dimension = architecture.dimension, rows = capacity * architecture.positions
        let isConditional = architecture.conditioner != nil, hidden = architecture.hidden, moved = architecture.moved
        let keepsSteps = differentiates || trains

        let storage = storage
        func matrix(_ columns: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
            try storage.make(Float.self, count: rows * columns)
        }
        let pixels = try storage.make(Int.self, count: dimension)
        let finalPixels = try storage.make(Int.self, count: dimension)
        var order = Array(0..<depth)
        for permutation in architecture.permutations { order = permutation.map { order[$0] } }
        for (k, pixel) in architecture.pixels.enumerated() { pixels[k] = pixel }
        for k in 0..<dimension { finalPixels[k] = pixels[k / depth * depth + order[k % depth]] }
        self.pixels = UnsafePointer(pixels)
        self.finalPixels = UnsafePointer(finalPixels)
        state = try matrix(depth)
        otherState = try matrix(depth)
        slope = try matrix(keepsSteps ? depth : 0)
        otherSlope = try matrix(keepsSteps ? depth : 0)
        neighbors = try matrix(architecture.taps * architecture.kept)
        let isAffine = architecture.coupling == .affine
        contributions = try matrix(isAffine ? architecture.taps * 2 * moved : 0)
        logits = try matrix(isAffine ? moved : 0)
        shifts = try matrix(isAffine ? moved : 0)
        moving = try matrix(moved)
        hiddenSlopes =
            keepsSteps ? [try matrix(hidden), try matrix(hidden)] : []
        factorRoom = try storage.make(Float.self, count: trains ? depth * depth : 0)
        var rooms: [StepRoom] = []
        for _ in 0..<(keepsSteps ? architecture.steps : 1) {
            let needsFactors = trains || isConditional
            rooms.append(
                StepRoom(
                    first: try matrix(needsFactors ? depth : 0), second: try matrix(needsFactors ? depth : 0),
                    kept: try matrix(trains ? architecture.kept : 0), moved: try matrix(moved),
                    logScale: try matrix(moved), scale: try matrix(isAffine ? moved : 0),
                    outputs: try matrix(isAffine ? 0 : architecture.outputs * moved),
                    hidden: [try matrix(hidden), try matrix(hidden)]))
        }
        stepRooms = rooms
        ownConditions =
            isConditional
            ? try ConvolutionalConditions(
                architecture, capacity: capacity, keepsTerms: false, differentiates: trains) : nil
        if architecture.noise != nil {
            noiseFeatures = try matrix(NoiseLevels.features)
            noiseBiases = try storage.make(Float.self, count: architecture.steps * hidden)
        } else {
            noiseFeatures = nil
            noiseBiases = nil
        }
        logAbsDet = try storage.make(Double.self, count: capacity)
        imageRoom = try storage.make(Float.self, count: 4 * dimension)
        images = try storage.make(Float.self, count: keepsSteps ? capacity * dimension : 0)
    }

    func room(of step: Int) -> StepRoom { stepRooms[differentiates ? step : 0] }
}

extension ConvolutionalArchitecture {
    /// The positions of some images.
    func grid(_ images: Int) -> Grid { Grid(images: images, rows: gridRows, columns: gridColumns) }
}
