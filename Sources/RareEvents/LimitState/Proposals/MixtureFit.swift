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
    static let mostEigenDimensions = 200
    static let mostDirections = 6

    init(_ points: Points, weights: [Double], effectiveSize: Double) {
        self.points = points
        let sum = weights.reduce(0, +)
        self.weights = weights.map { $0 / sum }
        self.effectiveSize = effectiveSize
    }

    var dimension: Int { points.dimension }

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

    /// One iteration.
    mutating func iterate(_ stop: StopCheck) throws(CancellationError) {
        let n = points.count, k = components.count
        guard k > 0, n > 0 else { return }
        let columns = points.byVariable()
        var logs = [[Double]](repeating: [Double](repeating: 0, count: n), count: k), distances = logs
        for c in 0..<k {
            let log = ElementaryFunction.log(shares[c])
            for start in stride(from: 0, to: n, by: 256) {
                try stop.look()
                columns.withUnsafeBufferPointer { columns in
                    logs[c].withUnsafeMutableBufferPointer { logs in
                        distances[c].withUnsafeMutableBufferPointer { distances in
                            guard let u = columns.baseAddress, let logs = logs.baseAddress,
                                let distances = distances.baseAddress
                            else { return }
                            components[c].logDensities(
                                u + start, stride: n, count: min(256, n - start), into: logs + start,
                                distances: distances + start)
                        }
                    }
                }
            }
            for i in 0..<n { logs[c][i] += log }
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
        try maximize(logs, heaviness: distances, stop)
    }

    /// The components and shares that the responsibilities call for; components that too few points belong to are dropped.
    mutating func maximize(
        _ responsibilities: [[Double]], heaviness: [[Double]]?, _ stop: StopCheck
    ) throws(CancellationError) {
        let n = points.count, d = dimension, nu = MixtureComponent.degreesOfFreedom
        let isFull = d <= Self.mostFullDimensions
        var kept: [MixtureComponent] = [], masses: [Double] = []
        for (c, row) in responsibilities.enumerated() {
            try stop.look()
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
                kept.append(try full(omega, tau, mass, stop))
            } else {
                if size <= 8, let prior {
                    kept.append(prior)
                } else {
                    kept.append(try slender(omega, mass, size, size > 8 ? prior : nil, stop))
                }
            }
            masses.append(mass)
        }
        guard !kept.isEmpty else { return }
        let sum = masses.reduce(0, +)
        components = kept
        shares = masses.map { $0 / sum }
    }
}
