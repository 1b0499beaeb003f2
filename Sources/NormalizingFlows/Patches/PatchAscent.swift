import LinearAlgebra
import Statistics

/// Projected gradient ascent of the mean of log p_σ over the patches of a picture, where known pixels stay and missing ones
/// keep to 0…1: the expected patch log-likelihood (Zoran, Weiss, "From Learning Models of Natural Image Patches to Whole
/// Image Restoration", 2011) with a flow for p (Altekrüger et al., "PatchNR", 2023).
///
/// p_σ is the density of patches with noise of deviation σ, and the step is x ← Π(x + σ² ∇): x + σ² ∇ log p_σ(x) is the mean
/// of what x may have been without its noise (Tweedie's formula; Robbins, "An Empirical Bayes Approach to Statistics",
/// 1956), so that each pixel moves to the mean of what its patches take it to be. σ falls from iteration to iteration.
///
/// Each iteration looks at the patches of a grid that touch a missing pixel; the grid's offset is drawn anew, so that the
/// gradient is that of all patches, on average. Missing pixels start from the smoothest surface (`BiharmonicFill`).
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
    private let colors: OpponentColors

    private let storage = Storage(chunk: 1 << 22)
    /// (channels, rows, columns) of the canvas: the pixels.
    private let values: UnsafeMutablePointer<Float>
    /// (views, rows, columns): how the prior sees them, and the gradient of the iteration.
    private let views, gradient: UnsafeMutablePointer<Float>
    /// Places of the missing pixels of the canvas.
    private let places: [Int32]
    /// Of channels whose fill has begun and not ended.
    private var fills: [Int: BiharmonicFill] = [:]

    private var phase = Phase.filling
    /// Of the phase: units handed out and completed, and all of them. Of fills, which channels are in nobody's hands.
    private var handedOut = 0, completed = 0, unitCount = 0
    private var idleFills: [Int]
    /// First pixels of the iteration's patches, view by view.
    private var patches: [Int32] = []
    /// How many patches of the iteration's grid cover each row and each column.
    private var coverage: (rows: [Float], columns: [Float]) = ([], [])
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
    /// Mean over the patches of the last grid of log p_σ with that iteration's σ, in nats, before the step from there. Where a
    /// picture has colours, a patch's is the sum over its views.
    public private(set) var logLikelihood: Double?
    /// The same at the start and at the end, over the first grid's patches with the last σ.
    public private(set) var initialLogLikelihood, finalLogLikelihood: Double?
    /// Patches of the first grid that touch a missing pixel.
    public private(set) var firstPatches = 0
    /// Patches whose gradient has been evaluated, each view for itself.
    public private(set) var gradientEvaluations = 0

    private enum Phase { case filling, seeing, judgingStart, ascending, updating, judgingEnd, done }

    /// Patches at once: their numbers stay in the second-level cache.
    static let capacity = 128
    private static let updateSize = 1 << 14

    /// A part of the work.
    ///
    /// `@unchecked Sendable`: whoever has been handed it is the only one to use what it holds, until it is completed.
    public enum Unit: @unchecked Sendable {
        case fill(BiharmonicFill, channel: Int)
        case patches(PatchBatch)
        case see(Range<Int>)
        case update(Range<Int>)
    }

    /// - Precondition: a pixel is missing, another is known; `options.stride` is at most the prior's side.
    public init(of picture: Picture, prior: any PatchPrior, options: PatchAscentOptions) throws(OutOfMemory) {
        precondition(options.iterations >= 0 && 1...prior.side ~= options.stride)
        precondition(picture.channels == 1 || picture.channels == 3)
        self.picture = picture
        self.prior = prior
        self.options = options
        canvas = picture.mirrored(toAtLeast: prior.side)
        counts = MissingCounts(canvas)
        colors = OpponentColors(channels: canvas.channels)
        places = canvas.missing.indices.filter { [canvas] in canvas.missing[$0] }.map { Int32(truncatingIfNeeded: $0) }
        let count = canvas.values.count
        values = try storage.make(Float.self, count: count)
        views = try storage.make(Float.self, count: count)
        gradient = try storage.make(Float.self, count: count)
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
    public var patchDimension: Int { prior.side * prior.side * canvas.channels }

    /// Whether there is a unit to hand out now.
    public var hasUnit: Bool {
        guard phase == .filling else { return handedOut < unitCount }
        guard let channel = idleFills.last else { return false }
        return fills[channel] != nil || fills.count < Self.mostFills(pixels: canvas.missing.count)
    }

    /// Channels whose start is found at once: of a large picture one, since that takes memory.
    public static func mostFills(pixels: Int) -> Int { pixels > 1 << 20 ? 1 : 3 }

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
        case .ascending, .judgingStart, .judgingEnd:
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
            batch.noise = phase == .ascending ? options.noise(of: iteration) : options.noise.last
            handedOut += 1
            return .patches(batch)
        case .seeing:
            let start = handedOut * Self.updateSize
            handedOut += 1
            return .see(start..<min(start + Self.updateSize, canvas.missing.count))
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
        case .see, .update: completed += 1
        }
        return completed == unitCount ? proceed() : false
    }

    private func start(_ channel: Int, from filled: [Float]) {
        let target = values + channel * canvas.rows * canvas.columns
        for place in places { target[Int(place)] = min(max(filled[Int(place)], 0), 1) }
    }

    private func add(_ batch: PatchBatch) {
        for k in batch.places.indices { sum += batch.logDensities[k - batch.places.startIndex] }
        if batch.differentiates { batch.add(to: gradient, columns: canvas.columns) }
    }

    private func begin(_ phase: Phase, units: Int) {
        self.phase = phase
        (handedOut, completed, unitCount, nextBatch) = (0, 0, units, 0)
    }

    private func beginPatches(_ phase: Phase, offset: (row: Int, column: Int)) {
        let grid = PatchGrid(
            rows: canvas.rows, columns: canvas.columns, side: prior.side, stride: options.stride, offset: offset)
        let places = grid.places(touching: counts), plane = canvas.rows * canvas.columns
        patches = (0..<canvas.channels).flatMap { view in
            places.map { $0 + Int32(truncatingIfNeeded: view * plane) }
        }
        coverage = (
            PatchGrid.coverage(grid.rows, side: prior.side, count: canvas.rows),
            PatchGrid.coverage(grid.columns, side: prior.side, count: canvas.columns)
        )
        sum = 0
        begin(phase, units: (patches.count + Self.capacity - 1) / Self.capacity)
    }

    /// Of the patches that have been evaluated.
    private var mean: Double { sum / Double(patches.count / canvas.channels) }

    private static func parts(_ count: Int) -> Int { (count + updateSize - 1) / updateSize }

    /// What follows a phase all of whose units have been completed.
    private func proceed() -> Bool {
        switch phase {
        case .filling: begin(.seeing, units: Self.parts(canvas.missing.count))
        case .seeing: beginPatches(.judgingStart, offset: firstOffset)
        case .judgingStart:
            firstPatches = patches.count / canvas.channels
            initialLogLikelihood = mean
            beginPatches(options.iterations > 0 ? .ascending : .judgingEnd, offset: firstOffset)
        case .ascending:
            logLikelihood = mean
            gradientEvaluations += patches.count
            begin(.updating, units: Self.parts(places.count))
        case .updating:
            iteration += 1
            if iteration < options.iterations {
                beginPatches(.ascending, offset: Self.offset(iteration, options))
            } else {
                beginPatches(.judgingEnd, offset: firstOffset)
            }
            return true
        case .judgingEnd:
            finalLogLikelihood = mean
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
        case .patches(let batch): batch.evaluate(views, columns: canvas.columns)
        case .see(let range):
            let plane = canvas.missing.count
            for place in range { colors.see(values + place, views + place, plane: plane) }
        case .update(let range): update(range)
        }
    }

    private func update(_ range: Range<Int>) {
        let plane = canvas.missing.count, columns = canvas.columns, hasColors = canvas.channels == 3
        let level = options.noise(of: iteration), step = Float(options.relaxation * level * level)
        for k in range {
            let place = Int(places[k]), slope = gradient + place
            let scale = step / (coverage.rows[place / columns] * coverage.columns[place % columns])
            let steps = (
                scale * slope[0], hasColors ? scale * slope[plane] : 0, hasColors ? scale * slope[2 * plane] : 0
            )
            // What single precision could not hold moves nothing.
            if (steps.0 + steps.1 + steps.2).isFinite { colors.move(values + place, by: steps, plane: plane) }
            colors.see(values + place, views + place, plane: plane)
            for view in 0..<canvas.channels { slope[view * plane] = 0 }
        }
    }
}
