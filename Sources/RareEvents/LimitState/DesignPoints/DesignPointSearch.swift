import Statistics

/// Searches for design points from many starts at once: the improved Hasofer–Lind–Rackwitz–Fiessler iteration (Zhang, Der
/// Kiureghian, "Two improved algorithms for reliability analysis", 1995), whose merit function ½|u|² + c|g| decides on each
/// step's length. All searches advance by an evaluation at a time, so that these are made in blocks.
struct DesignPointSearch: Sendable {
    private struct Walk {
        /// Where it stands, with margin and gradient there.
        var u: [Double]
        var margin = Double.nan
        var gradient: [Double] = []
        var direction: [Double] = []
        var penalty = 0.0
        var step = 1.0
        var merit = Double.infinity
        var slope = 0.0
        var moves = 0
        var isOver = false
        var hasConverged = false
    }

    struct Result: Sendable {
        /// By distance, of the first-order mass near that of the nearest.
        var points: [DesignPoint]
        /// Whether a search ended at a kink or a jump.
        var hasKinks: Bool
        /// The share of a few draws that were in the event.
        var commonness = 0.0
    }

    private static let mostEvaluations = 60
    /// Points this much closer than their distance are one.
    private static let resolution = 0.1

    /// - Parameter scale: the margin at a typical point, which tells when one is 0.
    static func run(_ desk: WorkDesk, from starts: [[Double]], scale: Double) async throws -> Result {
        let d = desk.problem.inputs.count
        var walks = starts.map { Walk(u: $0) }
        // First evaluation: where they start. From then on, where they try to go.
        var trials = walks.indices.map { (walk: $0, point: walks[$0].u) }
        for _ in 0..<mostEvaluations {
            guard !trials.isEmpty, desk.remaining > UInt64(trials.count) else { break }
            let found = try await desk.gradients(at: Points(dimension: d, trials.map(\.point)))
            var next: [(walk: Int, point: [Double])] = []
            for (trial, (margin, gradient)) in zip(trials, found) {
                advance(&walks[trial.walk], to: trial.point, margin, gradient, scale)
                let walk = walks[trial.walk]
                if !walk.isOver {
                    next.append((trial.walk, zip(walk.u, walk.direction).map { $0 + walk.step * $1 }))
                }
            }
            trials = next
        }
        return try await verified(desk, walks)
    }

    private static func advance(
        _ walk: inout Walk, to point: [Double], _ margin: Double, _ gradient: [Double], _ scale: Double
    ) {
        let isNumber = margin.isFinite && gradient.allSatisfy(\.isFinite)
        if walk.direction.isEmpty {
            guard isNumber else {
                walk.isOver = true
                return
            }
        } else {
            let merit = 0.5 * point.squaredNorm + walk.penalty * margin.magnitude
            // Armijo's rule.
            if !isNumber || !(merit <= walk.merit + 1e-4 * walk.step * walk.slope) {
                walk.step /= 2
                if walk.step < 1e-4 { walk.isOver = true }
                return
            }
        }
        let moved = walk.direction.isEmpty ? .infinity : zip(point, walk.u).map { $0 - $1 }.squaredNorm.squareRoot()
        walk.u = point
        walk.margin = margin
        walk.gradient = gradient
        walk.moves += 1
        let square = gradient.squaredNorm
        guard square > 0 else {
            walk.isOver = true
            return
        }
        let along = (zip(gradient, point).reduce(0) { $0 + $1.0 * $1.1 } - margin) / square
        walk.direction = zip(gradient, point).map { along * $0 - $1 }
        let length = walk.direction.squaredNorm.squareRoot(), norm = point.squaredNorm.squareRoot()
        if length < 1e-4 * (1 + norm), margin.magnitude < 1e-5 * scale || margin.magnitude < 1e-6 * square.squareRoot()
        {
            walk.isOver = true
            walk.hasConverged = true
            return
        }
        if moved < 1e-9 {
            walk.isOver = true
            return
        }
        // A step is never longer than what the next may undo.
        if length > 6 { walk.direction = walk.direction.map { $0 * 6 / length } }
        // Above |u|/|∇g| at the solution, which the step's end is a guess of.
        let end = zip(point, walk.direction).map { $0 + $1 }.squaredNorm.squareRoot()
        walk.penalty = min(max(walk.penalty, 2 * max(norm, end) / square.squareRoot()), 1e12)
        walk.merit = 0.5 * norm * norm + walk.penalty * margin.magnitude
        let inner = zip(point, walk.direction).reduce(0) { $0 + $1.0 * $1.1 }
        let sign: Double = margin > 0 ? 1 : margin < 0 ? -1 : 0
        let fall = zip(gradient, walk.direction).reduce(0) { $0 + $1.0 * $1.1 }
        walk.slope = min(inner + walk.penalty * sign * fall, 0)
        walk.step = 1
    }

    /// Of the converged, those at which the event begins, each once.
    private static func verified(_ desk: WorkDesk, _ walks: [Walk]) async throws -> Result {
        let d = desk.problem.inputs.count
        var distinct: [Walk] = []
        var hasKinks = walks.contains { $0.isOver && !$0.hasConverged && $0.moves > 1 }
        for walk in walks.filter(\.hasConverged).sorted(by: { $0.u.squaredNorm < $1.u.squaredNorm }) {
            let norm = walk.u.squaredNorm.squareRoot()
            let isNew = distinct.allSatisfy {
                zip($0.u, walk.u).map { $0 - $1 }.squaredNorm.squareRoot() > resolution * max(norm, 1)
            }
            if isNew { distinct.append(walk) }
            if distinct.count == 80 { break }
        }
        guard !distinct.isEmpty, desk.remaining > UInt64(2 * distinct.count) else {
            return Result(points: [], hasKinks: hasKinks)
        }
        // A little towards the event, and a little away from it.
        var probes: [[Double]] = []
        for walk in distinct {
            let length = walk.gradient.squaredNorm.squareRoot()
            for sign in [-1.0, 1] { probes.append(zip(walk.u, walk.gradient).map { $0 + sign * 0.01 * $1 / length }) }
        }
        let margins = try await desk.margins(at: Points(dimension: d, probes), leniently: true)
        var points: [DesignPoint] = []
        for (k, walk) in distinct.enumerated() {
            guard margins[2 * k] <= 0, margins[2 * k + 1] > 0 else {
                hasKinks = true
                continue
            }
            let length = walk.gradient.squaredNorm.squareRoot(), normal = walk.gradient.map { -$0 / length }
            let index = zip(normal, walk.u).reduce(0) { $0 + $1.0 * $1.1 }
            points.append(
                DesignPoint(
                    u: walk.u, x: desk.problem.inputs.variables(at: walk.u), reliabilityIndex: index,
                    importanceFactors: normal.map { $0 * $0 }))
        }
        points.sort { $0.reliabilityIndex.magnitude < $1.reliabilityIndex.magnitude }
        return Result(points: points, hasKinks: hasKinks)
    }
}

extension RandomInputs {
    /// x(u) at one point.
    func variables(at u: [Double]) -> [Double] {
        var z = u
        if let factor {
            for i in 0..<count {
                z[i] = 0
                for k in 0...i { z[i] += factor[Self.row(i) + k] * u[k] }
            }
        }
        return zip(distributions, z).map { distribution, z in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { memory in
                guard let x = memory.baseAddress else { return .nan }
                x.initialize(to: z)
                distribution.transform(x, into: x, count: 1)
                return x.pointee
            }
        }
    }
}
