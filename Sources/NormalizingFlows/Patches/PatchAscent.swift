import LinearAlgebra
import Statistics

/// The ascent of Σ log p(patch) over the patches of a picture, where known pixels stay and missing ones keep to 0…1: the
/// expected patch log-likelihood (Zoran, Weiss, "From Learning Models of Natural Image Patches to Whole Image
/// Restoration", 2011) with a flow for p (Altekrüger et al., "PatchNR", 2023).
///
/// Each iteration looks at the patches of a grid that touch a missing pixel; the grid's offset is drawn anew, so that the
/// gradient is that of all patches, on average. Missing pixels start from the smoothest surface (`BiharmonicFill`) and
/// move by Adam (Kingma, Ba, 2015), projected.
///
/// The work is handed out in units of some milliseconds, which any threads may perform in any order: what comes out is the
/// same. `next` and `complete` are called under one lock, `perform` without it.
///
/// `@unchecked Sendable`: a unit that has been handed out and not completed is in the hands of one thread, which writes
/// to nothing that another unit under way reads or writes: its own batch, its own channel's fill or its own range of
/// missing pixels. Phases follow each other only when all of a phase's units have been completed, under the lock.
public final class PatchAscent: @unchecked Sendable {
    public let picture: Picture
    public let options: PatchAscentOptions
    private let prior: any PatchPrior
    /// With at least as many rows and columns as a patch.
    private let canvas: Picture
    private let counts: MissingCounts
    private let views: ColorViews

    private let storage = Storage(chunk: 1 << 22)
    /// (channels, rows, columns) of the canvas: the pixels, and the gradient of the iteration.
    private let values, gradient: UnsafeMutablePointer<Float>
    /// Places of the missing pixels of the canvas.
    private let places: [Int32]
    /// Adam's means of gradients and of their squares: (channels, missing pixels).
    private let first, second: UnsafeMutablePointer<Float>
    /// Of channels whose fill has begun and not ended.
    private var fills: [Int: BiharmonicFill] = [:]

    private var phase = Phase.filling
    /// Of the phase: units handed out and completed, and all of them. Of fills, which channels are in nobody's hands.
    private var handedOut = 0, completed = 0, unitCount = 0
    private var idleFills: [Int]
    /// First pixels of the iteration's patches.
    private var patches: [Int32] = []
    /// Batches that have been performed before one that comes earlier.
    private var early: [Int: PatchBatch] = [:]
    private var nextBatch = 0
    /// Batches and evaluators that nobody uses.
    private var spareBatches: [PatchBatch] = []
    private var sum = 0.0
    /// The offset of the first grid, where the end is compared with the start.
    private let firstOffset: (row: Int, column: Int)

    /// Iterations done.
    public private(set) var iteration = 0
    /// Mean of log p over the patches of the last grid evaluated, in nats, before the step from there.
    public private(set) var logLikelihood: Double?
    /// The same at the start, and at the end over the same patches.
    public private(set) var initialLogLikelihood, finalLogLikelihood: Double?
    /// Patches of the first grid that touch a missing pixel.
    public private(set) var firstPatches = 0

    private enum Phase { case filling, ascending, updating, judging, done }

    /// Patches at once: their numbers stay in the second-level cache.
    static let capacity = 128
    private static let updateSize = 1 << 14
    private static let beta: (first: Float, second: Float) = (0.9, 0.99)

    /// A part of the work.
    ///
    /// `@unchecked Sendable`: whoever has been handed it is the only one to use what it holds, until it is completed.
    public enum Unit: @unchecked Sendable {
        case fill(BiharmonicFill, channel: Int)
        case patches(PatchBatch)
        case update(Range<Int>)
    }

    /// - Precondition: a pixel is missing, another is known; `options.stride` is at most the prior's side.
    public init(of picture: Picture, prior: any PatchPrior, options: PatchAscentOptions) throws(OutOfMemory) {
        precondition(options.iterations >= 1 && 1...prior.side ~= options.stride)
        self.picture = picture
        self.prior = prior
        self.options = options
        canvas = picture.mirrored(toAtLeast: prior.side)
        counts = MissingCounts(canvas)
        views = ColorViews(prior: prior.channels, picture: canvas.channels)
        places = canvas.missing.indices.filter { [canvas] in canvas.missing[$0] }.map { Int32(truncatingIfNeeded: $0) }
        let count = canvas.values.count
        values = try storage.make(Float.self, count: count)
        gradient = try storage.make(Float.self, count: count)
        first = try storage.make(Float.self, count: places.count * canvas.channels)
        second = try storage.make(Float.self, count: places.count * canvas.channels)
        for (k, value) in canvas.values.enumerated() { values[k] = value }
        idleFills = Array((0..<canvas.channels).reversed())
        unitCount = canvas.channels
        firstOffset = Self.offset(0, options)
    }

    private static func offset(_ iteration: Int, _ options: PatchAscentOptions) -> (row: Int, column: Int) {
        var generator = PhiloxGenerator(Philox(seed: options.seed, stream: UInt64(iteration)))
        return (
            Int.random(in: 0..<options.stride, using: &generator), Int.random(in: 0..<options.stride, using: &generator)
        )
    }

    public var isDone: Bool { phase == .done }

    /// Numbers that a patch's log p is a density of, over all the ways in which the prior sees it.
    public var patchDimension: Int { prior.dimension * views.views.count }

    /// Whether there is a unit to hand out now.
    public var hasUnit: Bool { phase == .filling ? !idleFills.isEmpty : handedOut < unitCount }

    /// The picture as it is: its missing pixels filled. Under the lock, and between two units' updates only as good as
    /// either.
    public var filled: [Float] {
        var result = picture.values
        let plane = picture.rows * picture.columns
        for channel in 0..<picture.channels {
            for row in 0..<picture.rows {
                for column in 0..<picture.columns where picture.missing[row * picture.columns + column] {
                    result[channel * plane + row * picture.columns + column] =
                        values[(channel * canvas.rows + row) * canvas.columns + column]
                }
            }
        }
        return result
    }

    // MARK: - Under the lock

    /// The next part of the work; nil where there is none at present.
    public func next() throws(OutOfMemory) -> Unit? {
        guard hasUnit else { return nil }
        switch phase {
        case .filling:
            // One that has begun comes first: few are in memory at once.
            let channel = idleFills.removeLast(), plane = canvas.rows * canvas.columns
            let fill =
                fills[channel]
                ?? BiharmonicFill(
                    rows: canvas.rows, columns: canvas.columns,
                    values: Array(canvas.values[channel * plane..<(channel + 1) * plane]), missing: canvas.missing)
            fills[channel] = fill
            return .fill(fill, channel: channel)
        case .ascending, .judging:
            let batch: PatchBatch
            if let spare = spareBatches.popLast() {
                batch = spare
            } else {
                batch = try PatchBatch(prior, capacity: Self.capacity)
            }
            let start = handedOut * Self.capacity
            batch.index = handedOut
            batch.places = patches[start..<min(start + Self.capacity, patches.count)]
            batch.differentiates = phase == .ascending
            handedOut += 1
            return .patches(batch)
        case .updating:
            let start = handedOut * Self.updateSize
            handedOut += 1
            return .update(start..<min(start + Self.updateSize, places.count))
        case .done: return nil
        }
    }

    /// Takes a unit in that has been performed.
    ///
    /// - Returns: whether an iteration ended with it.
    public func complete(_ unit: Unit) -> Bool {
        switch unit {
        case .fill(let fill, let channel):
            if fill.isFinished {
                start(channel, from: fill.values)
                fills[channel] = nil
                completed += 1
            } else {
                idleFills.append(channel)
            }
        case .patches(let batch):
            early[batch.index] = batch
            while let batch = early.removeValue(forKey: nextBatch) {
                add(batch)
                spareBatches.append(batch)
                nextBatch += 1
            }
            completed += 1
        case .update: completed += 1
        }
        return completed == unitCount ? proceed() : false
    }

    private func start(_ channel: Int, from filled: [Float]) {
        let target = values + channel * canvas.rows * canvas.columns
        for place in places { target[Int(place)] = min(max(filled[Int(place)], 0), 1) }
    }

    private func add(_ batch: PatchBatch) {
        for k in batch.places.indices { sum += batch.logDensities[k - batch.places.startIndex] }
        if batch.differentiates { batch.add(to: gradient, of: canvas, views) }
    }

    private func begin(_ phase: Phase, units: Int) {
        self.phase = phase
        (handedOut, completed, unitCount, nextBatch) = (0, 0, units, 0)
    }

    private func beginPatches(_ phase: Phase, offset: (row: Int, column: Int)) {
        patches = PatchGrid(
            rows: canvas.rows, columns: canvas.columns, side: prior.side, stride: options.stride, offset: offset
        ).places(touching: counts)
        sum = 0
        begin(phase, units: (patches.count + Self.capacity - 1) / Self.capacity)
    }

    /// What follows a phase all of whose units have been completed.
    private func proceed() -> Bool {
        switch phase {
        case .filling:
            beginPatches(.ascending, offset: firstOffset)
            firstPatches = patches.count
        case .ascending:
            logLikelihood = sum / Double(patches.count)
            if iteration == 0 { initialLogLikelihood = logLikelihood }
            begin(.updating, units: (places.count + Self.updateSize - 1) / Self.updateSize)
        case .updating:
            iteration += 1
            if iteration < options.iterations {
                beginPatches(.ascending, offset: Self.offset(iteration, options))
            } else {
                beginPatches(.judging, offset: firstOffset)
            }
            return true
        case .judging:
            finalLogLikelihood = sum / Double(patches.count)
            phase = .done
        case .done: break
        }
        return false
    }

    // MARK: - Without the lock

    /// Does a part of the work.
    public func perform(_ unit: Unit) {
        switch unit {
        case .fill(let fill, _): fill.advance()
        case .patches(let batch):
            batch.load(from: values, of: canvas, views)
            batch.evaluate()
        case .update(let range): update(range)
        }
    }

    private func update(_ range: Range<Int>) {
        let plane = canvas.rows * canvas.columns, beta = Self.beta
        let step = Float(iteration + 1)
        let firstScale = 1 / (1 - power(beta.first, step)), secondScale = 1 / (1 - power(beta.second, step))
        let phase = Double.pi * Double(iteration) / Double(options.iterations)
        let rate = options.rate * Float(0.5 + 0.5 * ElementaryFunction.cos(phase))
        for channel in 0..<canvas.channels {
            let values = values + channel * plane, gradient = gradient + channel * plane
            let first = first + channel * places.count, second = second + channel * places.count
            for k in range {
                let place = Int(places[k]), g = gradient[place]
                gradient[place] = 0
                first[k] += (1 - beta.first) * (g - first[k])
                second[k] += (1 - beta.second) * (g * g - second[k])
                let length = (second[k] * secondScale).squareRoot() + 1e-8
                // What single precision could not hold moves nothing.
                let moved = values[place] + rate * firstScale * first[k] / length
                if moved.isFinite { values[place] = min(max(moved, 0), 1) }
            }
        }
    }

    private func power(_ base: Float, _ exponent: Float) -> Float {
        Float(ElementaryFunction.exp(Double(exponent) * ElementaryFunction.log(Double(base))))
    }
}
