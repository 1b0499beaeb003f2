import LinearAlgebra

/// Patches that are evaluated together, in one thread's hands.
public final class PatchBatch {
    /// Which batch of its iteration it is.
    var index = 0
    /// First pixels of its patches.
    var places: ArraySlice<Int32> = []
    /// Whether gradients are wanted, too.
    var differentiates = true
    /// Of each patch, over all views, in nats.
    let logDensities: UnsafeMutablePointer<Double>

    private let side, channels, dimension, capacity: Int
    private let evaluator: any PatchEvaluator
    private let storage = Storage()
    /// (views · patches, channels, side, side).
    private var numbers, slopes: UnsafeMutablePointer<Float>
    private let viewDensities: UnsafeMutablePointer<Double>
    private static let mostViews = 3

    init(_ prior: any PatchPrior, capacity: Int) throws(OutOfMemory) {
        side = prior.side
        channels = prior.channels
        dimension = prior.dimension
        self.capacity = capacity
        evaluator = try prior.makeEvaluator(capacity: capacity)
        logDensities = try storage.make(Double.self, count: capacity)
        viewDensities = try storage.make(Double.self, count: capacity)
        numbers = try storage.make(Float.self, count: Self.mostViews * capacity * dimension)
        slopes = try storage.make(Float.self, count: Self.mostViews * capacity * dimension)
    }

    /// Copies the patches out of a picture.
    func load(from values: UnsafePointer<Float>, of picture: Picture, _ views: ColorViews) {
        let plane = picture.rows * picture.columns
        var target = numbers
        for view in views.views {
            for place in places {
                for (weights, offset) in view {
                    for row in 0..<side {
                        let source = values + Int(place) + row * picture.columns
                        if weights == [1] {
                            target.update(from: source, count: side)
                        } else {
                            for column in 0..<side {
                                var sum = offset
                                for (channel, weight) in weights.enumerated() where weight != 0 {
                                    sum += weight * source[channel * plane + column]
                                }
                                target[column] = sum
                            }
                        }
                        target += side
                    }
                }
            }
        }
        viewCount = views.views.count
    }

    private var viewCount = 1

    func evaluate() {
        let count = places.count
        for k in 0..<count { logDensities[k] = 0 }
        for view in 0..<viewCount {
            let start = view * count * dimension
            evaluator.evaluate(
                numbers + start, count: count, logDensities: viewDensities,
                gradients: differentiates ? slopes + start : nil)
            for k in 0..<count { logDensities[k] += viewDensities[k] }
        }
    }

    /// gradient += that of Σ log p over the patches.
    func add(to gradient: UnsafeMutablePointer<Float>, of picture: Picture, _ views: ColorViews) {
        let plane = picture.rows * picture.columns
        var source = UnsafePointer(slopes)
        for view in views.views {
            for place in places {
                for (weights, _) in view {
                    for row in 0..<side {
                        let line = gradient + Int(place) + row * picture.columns
                        for (channel, weight) in weights.enumerated() where weight != 0 {
                            let target = line + channel * plane
                            for column in 0..<side { target[column] += weight * source[column] }
                        }
                        source += side
                    }
                }
            }
        }
    }
}
