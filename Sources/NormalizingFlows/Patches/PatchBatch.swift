import LinearAlgebra

/// Patches that are evaluated together, in one thread's hands.
public final class PatchBatch {
    /// Which batch of its iteration it is.
    var index = 0
    /// First pixels of its patches.
    var places: ArraySlice<Int32> = []
    /// Whether gradients are wanted, too.
    var differentiates = true
    /// σ.
    var noise = 0.0
    /// Of each patch, in nats.
    let logDensities: UnsafeMutablePointer<Double>

    private let side: Int
    private let evaluator: any PatchEvaluator
    private let storage = Storage()
    /// (patches, side, side).
    private let numbers, slopes: UnsafeMutablePointer<Float>

    init(_ prior: any PatchPrior, capacity: Int) throws(OutOfMemory) {
        side = prior.side
        evaluator = try prior.makeEvaluator(capacity: capacity)
        logDensities = try storage.make(Double.self, count: capacity)
        numbers = try storage.make(Float.self, count: capacity * side * side)
        slopes = try storage.make(Float.self, count: capacity * side * side)
    }

    /// Evaluates the patches of a picture's views.
    ///
    /// - Parameter columns: of the picture.
    func evaluate(_ views: UnsafePointer<Float>, columns: Int) {
        var target = numbers
        for place in places {
            for row in 0..<side {
                target.update(from: views + Int(place) + row * columns, count: side)
                target += side
            }
        }
        evaluator.evaluate(
            numbers, count: places.count, noise: noise, logDensities: logDensities,
            gradients: differentiates ? slopes : nil)
    }

    /// gradient += that of Σ log p over the patches.
    func add(to gradient: UnsafeMutablePointer<Float>, columns: Int) {
        var source = UnsafePointer(slopes)
        for place in places {
            for row in 0..<side {
                let target = gradient + Int(place) + row * columns
                for column in 0..<side { target[column] += source[column] }
                source += side
            }
        }
    }
}
