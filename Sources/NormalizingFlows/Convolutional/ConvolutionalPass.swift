import LinearAlgebra

/// A pass of a group of images through a flow of invertible convolutions, and what it leaves for the way back.
///
/// Matrices have a position of an image a row (`Grid`). What comes out for an image depends on nothing but its own
/// numbers and the parameters: neither on its group nor on the thread.
///
/// `@unchecked Sendable`: one thread at a time uses a pass; whoever hands it to another one does so through a lock.
package final class ConvolutionalPass: @unchecked Sendable {
    package let architecture: ConvolutionalArchitecture
    package let layout: ConvolutionalArchitecture.Layout
    /// Images that the group has at most.
    package let capacity: Int
    /// Whether all that back-propagation needs is kept.
    package let differentiates: Bool

    let permutations: [[Int]]
    /// The image's place of each number of a position before the first step, and after the last.
    let pixels, finalPixels: [Int]
    private let storage = Storage(chunk: 1 << 22)

    /// The numbers on their way: (positions, depth).
    let state: UnsafeMutablePointer<Float>
    /// The gradient with respect to them.
    let slope: UnsafeMutablePointer<Float>
    /// A second one of each, for permutations.
    let otherState, otherSlope: UnsafeMutablePointer<Float>
    /// What a step leaves; one that all share where nothing is differentiated.
    let stepRooms: [StepRoom]
    /// The neighbours of the kept numbers: (positions, 9 · kept).
    let neighbors: UnsafeMutablePointer<Float>
    /// What positions add to the outputs of their neighbours: (positions, 9 · 2 · moved).
    let contributions: UnsafeMutablePointer<Float>
    /// A coupling's log-scales before their bound, then the shifts: (positions, 2 · moved).
    let outputs: UnsafeMutablePointer<Float>
    /// The gradients with respect to hidden channels, and to the kept numbers: (positions, hidden), (positions, kept).
    let hiddenSlopes: [UnsafeMutablePointer<Float>]
    let keptSlope: UnsafeMutablePointer<Float>
    /// nil without a conditioner.
    let conditioner: ConditionerPass?
    /// Σ log|det| of each image.
    let logAbsDet: UnsafeMutablePointer<Double>
    /// Numbers of a few images: pixels' y, slopes and what making them needs.
    let imageRoom: UnsafeMutablePointer<Float>
    /// The pixels of the group, for the way back.
    let images: UnsafeMutablePointer<Float>

    /// What a step leaves of its images.
    struct StepRoom {
        /// 1 for a missing number, 0 for a known one, in the order after the step's permutation: (positions, depth).
        /// Without a conditioner all are missing.
        let mask: UnsafeMutablePointer<Float>
        /// What U + diag(s), and what L, is applied to: (positions, depth).
        let first, second: UnsafeMutablePointer<Float>
        /// What the coupling keeps, and moves: (positions, kept), (positions, moved).
        let kept, moved: UnsafeMutablePointer<Float>
        /// The coupling's log-scales, and their exponentials: (positions, moved).
        let logScale, scale: UnsafeMutablePointer<Float>
        /// (positions, hidden).
        let hidden: [UnsafeMutablePointer<Float>]
    }

    package init(
        _ architecture: ConvolutionalArchitecture, capacity: Int, differentiates: Bool
    ) throws(OutOfMemory) {
        self.architecture = architecture
        self.capacity = capacity
        self.differentiates = differentiates
        layout = ConvolutionalArchitecture.Layout(architecture)
        permutations = architecture.permutations
        pixels = architecture.pixels
        let depth = architecture.depth, rows = capacity * architecture.positions
        var order = Array(0..<depth)
        for permutation in permutations { order = permutation.map { order[$0] } }
        finalPixels = (0..<architecture.dimension).map { [pixels] in pixels[$0 / depth * depth + order[$0 % depth]] }

        let storage = storage
        func matrix(_ columns: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
            try storage.make(Float.self, count: rows * columns)
        }
        state = try matrix(depth)
        otherState = try matrix(depth)
        slope = try matrix(depth)
        otherSlope = try matrix(depth)
        neighbors = try matrix(9 * architecture.kept)
        contributions = try matrix(9 * 2 * architecture.moved)
        outputs = try matrix(2 * architecture.moved)
        hiddenSlopes = [try matrix(architecture.hidden), try matrix(architecture.hidden)]
        keptSlope = try matrix(architecture.kept)
        var rooms: [StepRoom] = []
        for _ in 0..<(differentiates ? architecture.steps : 1) {
            rooms.append(
                StepRoom(
                    mask: try matrix(depth), first: try matrix(depth), second: try matrix(depth),
                    kept: try matrix(architecture.kept), moved: try matrix(architecture.moved),
                    logScale: try matrix(architecture.moved), scale: try matrix(architecture.moved),
                    hidden: [try matrix(architecture.hidden), try matrix(architecture.hidden)]))
        }
        stepRooms = rooms
        if architecture.conditioner == nil {
            for room in rooms { room.mask.update(repeating: 1, count: rows * depth) }
        }
        if let tensors = layout.conditioner {
            conditioner = try ConditionerPass(
                architecture, tensors, layout, capacity: capacity, differentiates: differentiates, in: storage)
        } else {
            conditioner = nil
        }
        logAbsDet = try storage.make(Double.self, count: capacity)
        imageRoom = try storage.make(Float.self, count: 4 * architecture.dimension)
        images = try storage.make(Float.self, count: capacity * architecture.dimension)
    }

    func room(of step: Int) -> StepRoom { stepRooms[differentiates ? step : 0] }

    func grid(_ count: Int) -> Grid {
        Grid(images: count, rows: architecture.gridRows, columns: architecture.gridColumns)
    }
}

/// A tensor's numbers among the parameters, or its gradient.
struct ParameterArray {
    let values: UnsafePointer<Float>
    let layout: ConvolutionalArchitecture.Layout

    func pointer(_ tensor: Int) -> UnsafePointer<Float> { values + layout.tensors[tensor].offset }

    func matrix(_ tensor: Int) -> MatrixView {
        MatrixView(pointer(tensor), stride: layout.tensors[tensor].stride)
    }
}

extension MatrixProduct {
    /// Computes all of it on this thread.
    func multiply() {
        for panel in 0..<panels { multiply(panel: panel) }
    }
}
