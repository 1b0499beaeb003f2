extension MixtureFit {
    func mean(_ omega: [Double]) -> [Double] {
        let d = dimension
        var mean = [Double](repeating: 0, count: d), total = 0.0
        for i in omega.indices where omega[i] > 0 {
            total += omega[i]
            for j in 0..<d { mean[j] += omega[i] * points.coordinates[i * d + j] }
        }
        return mean.map { $0 / total }
    }

    /// Σ tau (x − μ)(x − μ)ᵀ / mass, (d, d).
    func covariance(
        _ tau: [Double], _ mean: [Double], _ mass: Double, _ stop: StopCheck
    ) throws(CancellationError) -> [Double] {
        let d = dimension
        var covariance = [Double](repeating: 0, count: d * d), difference = [Double](repeating: 0, count: d)
        for i in tau.indices {
            if i.isMultiple(of: 32) { try stop.look() }
            guard tau[i] > 0 else { continue }
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

    func full(
        _ omega: [Double], _ tau: [Double], _ mass: Double, _ stop: StopCheck
    ) throws(CancellationError) -> MixtureComponent {
        let d = dimension, mean = mean(tau)
        var covariance = try covariance(tau, mean, mass, stop)
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
    func slender(
        _ omega: [Double], _ mass: Double, _ size: Double, _ prior: MixtureComponent?,
        _ stop: StopCheck
    ) throws(CancellationError) -> MixtureComponent {
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
            covariance = try self.covariance(omega, mean, mass, stop)
            for j in 0..<d { trace += covariance[j * d + j] }
            directions = try standingOut(covariance, trace, directions, size, stop)
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
}
