import Statistics

/// Fits components to weighted points by expectation maximization (Geyer, Papaioannou, Straub, "Cross entropy-based importance
/// sampling using Gaussian densities revisited", Structural Safety 2019; for t's, Peel, McLachlan, "Robust mixture modelling
/// using the t distribution", Statistics and Computing 2000).
struct MixtureFit: Sendable {
    let points: Points
    /// Adding up to 1.
    let weights: [Double]
    /// How many independent points these are worth.
    let effectiveSize: Double
    private(set) var components: [MixtureComponent] = []
    private(set) var shares: [Double] = []
    private(set) var logLikelihood = -Double.infinity
    /// How many of the components, the last, stay as they are: only their shares are fitted.
    private(set) var fixed = 0

    /// Beyond so many variables components are t's in a few directions only.
    static let mostFullDimensions = 8
    /// Beyond so many, in the direction of their mean only.
    private static let mostEigenDimensions = 200
    private static let mostDirections = 6

    init(_ points: Points, weights: [Double], effectiveSize: Double) {
        self.points = points
        let sum = weights.reduce(0, +)
        self.weights = weights.map { $0 / sum }
        self.effectiveSize = effectiveSize
    }

    private var dimension: Int { points.dimension }

    /// Free numbers of a component.
    private var parameters: Double {
        let d = Double(dimension)
        return dimension <= Self.mostFullDimensions ? d + d * (d + 1) / 2 + 1 : 2 * d + 4
    }

    /// Larger is better: the logarithm of the likelihood less what its parameters cost (Schwarz 1978).
    var criterion: Double {
        effectiveSize * logLikelihood - 0.5 * parameters * Double(shares.count)
            * ElementaryFunction.log(max(effectiveSize, 2))
    }

    /// Starts from others' components.
    mutating func begin(with components: [MixtureComponent], shares: [Double], fixed: Int) {
        self.fixed = fixed
        let sum = shares.reduce(0, +)
        self.components = components
        self.shares = shares.map { $0 / sum }
    }

    /// Starts from `count` clusters around points that are far from each other (k-means++, Arthur, Vassilvitskii 2007, and
    /// a few of Lloyd's steps).
    mutating func begin(clusters count: Int, using generator: inout PhiloxGenerator) {
        let n = points.count, d = dimension
        var centers: [[Double]] = []
        var nearest = [Double](repeating: .infinity, count: n), owner = [Int](repeating: 0, count: n)
        for k in 0..<count {
            var chances = weights
            if k > 0 { for i in 0..<n { chances[i] *= nearest[i] } }
            let total = chances.reduce(0, +)
            guard total > 0 else { break }
            var left = Double.random(in: 0..<1, using: &generator) * total, chosen = n - 1
            for i in 0..<n {
                left -= chances[i]
                if left < 0 {
                    chosen = i
                    break
                }
            }
            centers.append(Array(points[chosen]))
            for i in 0..<n {
                let distance = distance(i, centers[k])
                if distance < nearest[i] {
                    nearest[i] = distance
                    owner[i] = k
                }
            }
        }
        for _ in 0..<8 {
            var sums = [[Double]](repeating: [Double](repeating: 0, count: d), count: centers.count)
            var masses = [Double](repeating: 0, count: centers.count)
            for i in 0..<n {
                masses[owner[i]] += weights[i]
                for j in 0..<d { sums[owner[i]][j] += weights[i] * points.coordinates[i * d + j] }
            }
            for k in centers.indices where masses[k] > 0 { centers[k] = sums[k].map { $0 / masses[k] } }
            for i in 0..<n {
                var best = Double.infinity
                for k in centers.indices {
                    let distance = distance(i, centers[k])
                    if distance < best {
                        best = distance
                        owner[i] = k
                    }
                }
            }
        }
        var responsibilities = [[Double]](repeating: [Double](repeating: 0, count: n), count: centers.count)
        for i in 0..<n { responsibilities[owner[i]][i] = 1 }
        maximize(responsibilities, heaviness: nil)
    }

    private func distance(_ i: Int, _ center: [Double]) -> Double {
        let d = dimension
        var sum = 0.0
        for j in 0..<d {
            let difference = points.coordinates[i * d + j] - center[j]
            sum += difference * difference
        }
        return sum
    }

    /// One iteration.
    mutating func iterate() {
        let n = points.count, k = components.count
        guard k > 0, n > 0 else { return }
        let columns = points.byVariable()
        var logs = [[Double]](repeating: [Double](repeating: 0, count: n), count: k), distances = logs
        columns.withUnsafeBufferPointer { columns in
            guard let u = columns.baseAddress else { return }
            for c in 0..<k {
                let log = ElementaryFunction.log(shares[c])
                logs[c].withUnsafeMutableBufferPointer { logs in
                    distances[c].withUnsafeMutableBufferPointer { distances in
                        guard let logs = logs.baseAddress, let distances = distances.baseAddress else { return }
                        for start in stride(from: 0, to: n, by: 256) {
                            components[c].logDensities(
                                u + start, stride: n, count: min(256, n - start), into: logs + start,
                                distances: distances + start)
                        }
                    }
                }
                for i in 0..<n { logs[c][i] += log }
            }
        }
        var likelihood = 0.0
        for i in 0..<n {
            var most = -Double.infinity
            for c in 0..<k { most = max(most, logs[c][i]) }
            var sum = 0.0
            for c in 0..<k {
                logs[c][i] = ElementaryFunction.exp(logs[c][i] - most)
                sum += logs[c][i]
            }
            for c in 0..<k { logs[c][i] /= sum }
            likelihood += weights[i] * (most + ElementaryFunction.log(sum))
        }
        logLikelihood = likelihood
        maximize(logs, heaviness: distances)
    }

    /// The components and shares that the responsibilities call for; components that too few points belong to are dropped.
    private mutating func maximize(_ responsibilities: [[Double]], heaviness: [[Double]]?) {
        let n = points.count, d = dimension, nu = MixtureComponent.degreesOfFreedom
        let isFull = d <= Self.mostFullDimensions
        var kept: [MixtureComponent] = [], masses: [Double] = []
        for (c, row) in responsibilities.enumerated() {
            var mass = 0.0, squares = 0.0
            var omega = [Double](repeating: 0, count: n)
            for i in 0..<n {
                omega[i] = weights[i] * row[i]
                mass += omega[i]
                squares += omega[i] * omega[i]
            }
            if heaviness != nil, c >= responsibilities.count - fixed {
                kept.append(components[c])
                masses.append(max(mass, 1e-6))
                continue
            }
            let size = squares > 0 ? max(min(mass * mass / squares, effectiveSize * mass), 0) : 0
            let prior = !isFull && c < components.count && heaviness != nil ? components[c] : nil
            guard mass > 1e-4, size > (isFull ? Double(d) + 2 : prior == nil ? 8 : 0) else { continue }
            if isFull {
                var tau = omega
                if let heaviness { for i in 0..<n { tau[i] *= (nu + Double(d)) / (nu + heaviness[c][i]) } }
                kept.append(full(omega, tau, mass))
            } else {
                kept.append(size > 8 ? slender(omega, mass, size, prior) : prior ?? slender(omega, mass, size, nil))
            }
            masses.append(mass)
        }
        guard !kept.isEmpty else { return }
        let sum = masses.reduce(0, +)
        components = kept
        shares = masses.map { $0 / sum }
    }

    private func mean(_ omega: [Double]) -> [Double] {
        let d = dimension
        var mean = [Double](repeating: 0, count: d), total = 0.0
        for i in omega.indices where omega[i] > 0 {
            total += omega[i]
            for j in 0..<d { mean[j] += omega[i] * points.coordinates[i * d + j] }
        }
        return mean.map { $0 / total }
    }

    /// Σ tau (x − μ)(x − μ)ᵀ / mass, (d, d).
    private func covariance(_ tau: [Double], _ mean: [Double], _ mass: Double) -> [Double] {
        let d = dimension
        var covariance = [Double](repeating: 0, count: d * d), difference = [Double](repeating: 0, count: d)
        for i in tau.indices where tau[i] > 0 {
            for j in 0..<d { difference[j] = points.coordinates[i * d + j] - mean[j] }
            covariance.withUnsafeMutableBufferPointer { covariance in
                difference.withUnsafeBufferPointer { difference in
                    for j in 0..<d {
                        let scaled = tau[i] * difference[j]
                        for k in 0...j { covariance[j * d + k] += scaled * difference[k] }
                    }
                }
            }
        }
        for j in 0..<d {
            for k in 0...j {
                covariance[j * d + k] /= mass
                covariance[k * d + j] = covariance[j * d + k]
            }
        }
        return covariance
    }

    private func full(_ omega: [Double], _ tau: [Double], _ mass: Double) -> MixtureComponent {
        let d = dimension, mean = mean(tau)
        var covariance = covariance(tau, mean, mass)
        // A ridge keeps thin regions from a scale of 0.
        let least = (0..<d).map { covariance[$0 * d + $0] }.min() ?? 1
        for j in 0..<d { covariance[j * d + j] += 1e-8 + 0.01 * least }
        var identity = [Double](repeating: 0, count: d * d)
        for j in 0..<d { identity[j * d + j] = 1 }
        return MixtureComponent(mean: mean, directions: identity, factor: choleskyFactor(covariance, d), spread: 1)
    }

    /// A t in the direction of the mean and in those where the variance stands out, normal with one spread elsewhere.
    ///
    /// - Parameter prior: what it was before, which counts as a quarter as many points as there are variables: a mean in many
    ///   dimensions is mostly noise otherwise.
    private func slender(
        _ omega: [Double], _ mass: Double, _ size: Double, _ prior: MixtureComponent?
    ) -> MixtureComponent {
        let d = dimension
        var mean = mean(omega)
        if let prior {
            let share = size / (size + Double(d) / 4)
            mean = zip(mean, prior.mean).map { share * $0 + (1 - share) * $1 }
        }
        var directions: [[Double]] = []
        let norm = mean.squaredNorm.squareRoot()
        // Of no mean but the noise of its estimate there is no direction.
        if norm > 2 * (Double(d) / size).squareRoot() { directions.append(mean.map { $0 / norm }) }
        var trace = 0.0
        var covariance: [Double] = []
        if d <= Self.mostEigenDimensions {
            covariance = self.covariance(omega, mean, mass)
            for j in 0..<d { trace += covariance[j * d + j] }
            directions = standingOut(covariance, trace, directions, size)
        } else {
            for i in omega.indices where omega[i] > 0 { trace += omega[i] * distance(i, mean) / mass }
        }
        let r = directions.count
        var small = [Double](repeating: 0, count: r * r)
        var explained = 0.0
        for k in 0..<r {
            for l in 0...k {
                var sum = 0.0
                if covariance.isEmpty {
                    for i in omega.indices where omega[i] > 0 {
                        var a = 0.0
                        for j in 0..<d { a += directions[k][j] * (points.coordinates[i * d + j] - mean[j]) }
                        sum += omega[i] * a * a / mass
                    }
                } else {
                    for i in 0..<d {
                        var inner = 0.0
                        for j in 0..<d { inner += covariance[i * d + j] * directions[l][j] }
                        sum += directions[k][i] * inner
                    }
                }
                small[k * r + l] = sum
                small[l * r + k] = sum
            }
            explained += small[k * r + k]
        }
        for k in 0..<r { small[k * r + k] = small[k * r + k] * 1.02 + 1e-8 }
        let rest = d > r ? max((trace - explained) / Double(d - r), 1e-4) : 1
        return MixtureComponent(
            mean: mean, directions: directions.flatMap { $0 }, factor: choleskyFactor(small, r),
            spread: rest.squareRoot())
    }

    /// The given directions, and eigenvectors orthogonal to them whose eigenvalue sampling noise does not explain (Marchenko,
    /// Pastur 1967: noise of n points stays within (1 ± √(d/n))² of the mean).
    private func standingOut(_ covariance: [Double], _ trace: Double, _ given: [[Double]], _ size: Double) -> [[Double]]
    {
        let d = dimension, level = trace / Double(d), ratio = (Double(d) / size).squareRoot()
        let high = level * (1 + ratio) * (1 + ratio) * 1.25,
            low = ratio < 1 ? level * (1 - ratio) * (1 - ratio) / 1.25 : 0
        var directions = given
        var bound = 0.0
        for i in 0..<d {
            var row = 0.0
            for j in 0..<d { row += covariance[i * d + j].magnitude }
            bound = max(bound, row)
        }
        for isLow in [false, true] {
            while directions.count < Self.mostDirections {
                // Power iteration of C, or of bound − C, in what the directions leave.
                var v = (0..<d).map { 1 + 0.1 * Double($0 * 7919 % 101) / 101 }
                var value = 0.0
                for _ in 0..<60 {
                    for direction in directions {
                        var dot = 0.0
                        for j in 0..<d { dot += direction[j] * v[j] }
                        for j in 0..<d { v[j] -= dot * direction[j] }
                    }
                    let norm = v.squaredNorm.squareRoot()
                    guard norm > 1e-12 else { break }
                    for j in 0..<d { v[j] /= norm }
                    var next = [Double](repeating: 0, count: d)
                    for i in 0..<d {
                        var sum = 0.0
                        for j in 0..<d { sum += covariance[i * d + j] * v[j] }
                        next[i] = sum
                    }
                    value = 0
                    for j in 0..<d { value += v[j] * next[j] }
                    if isLow { for j in 0..<d { next[j] = bound * v[j] - next[j] } }
                    v = next
                }
                guard isLow ? value < low : value > high else { break }
                for direction in directions {
                    var dot = 0.0
                    for j in 0..<d { dot += direction[j] * v[j] }
                    for j in 0..<d { v[j] -= dot * direction[j] }
                }
                let norm = v.squaredNorm.squareRoot()
                guard norm > 1e-12 else { break }
                directions.append(v.map { $0 / norm })
            }
        }
        return directions
    }
}

/// L of a positive definite (n, n) matrix; a pivot that rounding takes below 0 becomes small.
func choleskyFactor(_ matrix: [Double], _ n: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
        for j in 0...i {
            var sum = matrix[i * n + j]
            for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
            if j < i {
                factor[i * n + j] = sum / factor[j * n + j]
            } else {
                factor[i * n + i] = max(sum, 1e-10 * max(matrix[i * n + i], 1e-10)).squareRoot()
            }
        }
    }
    return factor
}
