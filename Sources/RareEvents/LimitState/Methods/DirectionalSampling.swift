import Statistics

/// Draws directions and integrates along them, some at a time. What is found along a direction depends on its index and on the
/// problem alone, unless the evaluations allowed end first.
public struct DirectionalSampling {
    /// Radii of a direction's grid.
    private static let cells = 24
    /// Directions at a time.
    private static let batch = 128
    /// About how many evaluations a direction takes.
    static let cost = UInt64(cells + 14)
    /// More than a batch can ask for at once: where so many remain at the end, no direction was cut short.
    public static let reserve = UInt64(batch * (3 * cells + 1))

    private let desk: WorkDesk
    private let dimension: Int
    private let square: ScaledGammaDistribution
    private let nearest, farthest: Double
    private let philox: Philox
    private var values: [Double] = []
    private var hits: UInt64 = 0

    init(_ desk: WorkDesk) {
        self.desk = desk
        dimension = desk.problem.inputs.count
        square = ScaledGammaDistribution(shape: Double(dimension) / 2, scale: 2)
        nearest = square.quantile(1e-14).squareRoot()
        farthest = square.upperQuantile(1e-16).squareRoot()
        philox = desk.newPhilox()
    }

    /// The value of each direction, whose mean is the probability, and how many of them meet the event.
    mutating func run() async throws -> (values: [Double], hits: UInt64) {
        var goal = 512.0, target = 0.0, start: UInt64 = 0
        switch desk.specification.extent {
        case .draws(let n):
            let range = (desk.specification.shard ?? .whole).gamblers(of: min(n, desk.mostDraws(.directional)))
            start = range.lowerBound
            goal = Double(range.count)
        case .relativeError(let error): target = error * 0.8
        }
        let most = Double(desk.mostDraws(.directional))
        while Double(values.count) < min(goal, most),
            desk.remaining > Self.cost * 8 || values.isEmpty && desk.remaining > Self.cost
        {
            let count = Int(min(Double(Self.batch), goal - Double(values.count), Double(desk.remaining / Self.cost)))
            try await draw(count, from: start + UInt64(values.count))
            guard target > 0, Double(values.count) >= goal || values.count.isMultiple(of: spacing) else { continue }
            let moments = RunningMoments(values.map { ($0, 1) })
            desk.tell(.sampling, Estimate(moments))
            guard Double(values.count) >= goal else { continue }
            let variance = moments.mean > 0 ? (moments.variance ?? 0) / (moments.mean * moments.mean) : .infinity
            let wanted = variance / (target * target)
            // A whole number: a fraction of a direction could never be drawn.
            if wanted > goal { goal = min(max(wanted * 1.1, goal + 128), goal * 4).rounded(.up) }
        }
        return (values, hits)
    }

    /// Whether a few directions, which count among those of `run`, find alike what most of the probability is made of: then directions
    /// reach the relative error with what evaluations there are.
    mutating func isPromising(for target: Double) async throws -> Bool {
        let few = 64
        guard desk.remaining > UInt64(few) * Self.cost * 4 else { return false }
        try await draw(few, from: 0)
        let moments = RunningMoments(values.map { ($0, 1) })
        guard moments.mean > 0, let variance = moments.variance, hits > UInt64(few / 2) else { return false }
        let square = variance / (moments.mean * moments.mean)
        return square < 2 && (square * Double(Self.cost) / Double(max(desk.remaining, 1))).squareRoot() < 0.5 * target
    }

    /// Directions between two looks at all of them: looks are a bounded part of the work.
    private var spacing: Int {
        var spacing = 2048
        while spacing < values.count / 32 { spacing *= 2 }
        return spacing
    }

    private func mass(_ from: Double, _ to: Double) -> Double {
        let a = max(from, 0) * max(from, 0), b = to * to
        return a > Double(dimension)
            ? square.survivalProbability(a) - square.survivalProbability(b)
            : square.cumulativeProbability(b) - square.cumulativeProbability(a)
    }

    private mutating func draw(_ count: Int, from first: UInt64) async throws {
        let d = dimension, width = (farthest - nearest) / Double(Self.cells)
        let uniforms = (0..<3).map {
            UniformDistribution.standard.draws(count, from: philox.adding(d + $0), at: first)
        }
        let normals = (0..<d).map { NormalDistribution.standard.draws(count, from: philox.adding($0), at: first) }
        var lines: [LineRoots.Line] = []
        for i in 0..<count {
            var direction = normals.map { $0[i] }
            let norm = max(direction.squaredNorm.squareRoot(), 1e-12)
            for j in 0..<d { direction[j] /= norm }
            let grid = (0..<Self.cells).map { nearest + width * (Double($0) + uniforms[0][i]) }
            lines.append(LineRoots.Line(origin: [Double](repeating: 0, count: d), direction: direction, grid: grid))
        }
        let sections = try await LineRoots.sections(desk, lines, isCounted: true, reserve: count)
        var checks = Points(dimension: d), radii: [Double] = []
        for i in 0..<count {
            let u = uniforms[2][i]
            let radius = uniforms[1][i] < 0.5 ? square.quantile(u).squareRoot() : nearest + (farthest - nearest) * u
            radii.append(radius)
            checks.coordinates += lines[i].direction.map { $0 * radius }
        }
        let margins = try await desk.margins(at: checks)
        for i in 0..<count {
            var value = min(max(sections[i].mass { mass($0, $1) }, 0), 1)
            if value > 0 { hits += 1 }
            let isHit = margins[i] <= 0, r = radii[i]
            if isHit != sections[i].contains(r) {
                let density = ElementaryFunction.exp(square.logDensity(r * r)) * 2 * r
                let drawn = 0.5 * density + (r >= nearest && r <= farthest ? 0.5 / (farthest - nearest) : 0)
                value += (isHit ? 1 : -1) * density / drawn
            }
            values.append(value)
        }
    }
}
