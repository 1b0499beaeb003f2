import Statistics

/// A density of standard normal space that is Student's t in a few directions and normal in all others:
///
///     x = μ + Qᵀ L t + s (z − Qᵀ Q z),  t = Q z √(ν/χ²)
///
/// The t's tails are heavier than a standard normal's cut off by a limit state, whatever the scale, so that weights stay
/// bounded in those directions; in many dimensions a t in all of them would smear the radius, which hardly varies.
struct MixtureComponent: Sendable, Hashable {
    /// μ, (d).
    let mean: [Double]
    /// Q, orthonormal rows (r, d).
    let directions: [Double]
    /// L, (r, r), lower triangular.
    let factor: [Double]
    /// s.
    let spread: Double

    let rank: Int
    var dimension: Int { mean.count }
    /// L⁻¹, (r, r).
    private let inverse: [Double]
    private let logConstant: Double

    /// ν.
    static let degreesOfFreedom = 8.0

    /// - Parameter factor: with a diagonal above 0.
    init(mean: [Double], directions: [Double], factor: [Double], spread: Double) {
        self.mean = mean
        self.directions = directions
        self.factor = factor
        self.spread = spread
        let d = mean.count, r = d > 0 ? directions.count / d : 0
        rank = r
        var inverse = [Double](repeating: 0, count: r * r)
        for j in 0..<r {
            inverse[j * r + j] = 1 / factor[j * r + j]
            for i in (j + 1)..<max(r, j + 1) {
                var sum = 0.0
                for k in j..<i { sum += factor[i * r + k] * inverse[k * r + j] }
                inverse[i * r + j] = -sum / factor[i * r + i]
            }
        }
        self.inverse = inverse
        let nu = Self.degreesOfFreedom, rank = Double(r), rest = Double(d - r)
        var constant = -0.5 * rest * 1.837_877_066_409_345_5
        if d > r { constant -= rest * ElementaryFunction.log(spread) }
        if r > 0 {
            constant += logGamma((nu + rank) / 2) - logGamma(nu / 2) - 0.5 * rank * ElementaryFunction.log(nu * .pi)
            for i in 0..<r { constant -= ElementaryFunction.log(factor[i * r + i]) }
        }
        logConstant = constant
    }

    /// The normal distribution around a point with one spread.
    static func normal(around mean: [Double], spread: Double) -> MixtureComponent {
        MixtureComponent(mean: mean, directions: [], factor: [], spread: spread)
    }

    /// Random numbers that a draw takes besides its normal ones: exponentials for χ²₈.
    static let exponentials = 4

    /// out[i] = log density at point i of u, (d, stride). `distances`, if given, gets |L⁻¹ Q (x − μ)|².
    func logDensities(
        _ u: UnsafePointer<Double>, stride: Int, count: Int, into out: UnsafeMutablePointer<Double>,
        distances: UnsafeMutablePointer<Double>? = nil
    ) {
        let d = dimension, r = rank
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (r + 3) * count) { memory in
            memory.initialize(repeating: 0)
            guard let total = memory.baseAddress else { return }
            // |x − μ|², then what the directions leave of it.
            let square = total + count, difference = square + count, projections = difference + count
            for j in 0..<d {
                let x = u + j * stride, m = mean[j]
                for i in 0..<count { difference[i] = x[i] - m }
                for i in 0..<count { total[i] += difference[i] * difference[i] }
                for k in 0..<r {
                    let q = directions[k * d + j], y = projections + k * count
                    if q != 0 { for i in 0..<count { y[i] += q * difference[i] } }
                }
            }
            for k in 0..<r {
                let y = projections + k * count
                for i in 0..<count { total[i] -= y[i] * y[i] }
            }
            for k in Swift.stride(from: r - 1, through: 0, by: -1) {
                difference.update(repeating: 0, count: count)
                for l in 0...k {
                    let entry = inverse[k * r + l], y = projections + l * count
                    if entry != 0 { for i in 0..<count { difference[i] += entry * y[i] } }
                }
                for i in 0..<count { square[i] += difference[i] * difference[i] }
            }
            if let distances { distances.update(from: square, count: count) }
            let nu = Self.degreesOfFreedom, half = r > 0 ? (nu + Double(r)) / 2 : 0
            let precision = d > r ? 0.5 / (spread * spread) : 0
            if r > 0 {
                for i in 0..<count { square[i] /= nu }
                let values = UnsafeMutableBufferPointer(start: square, count: count)
                ElementaryFunction.log1p.apply(to: .init(values), into: values)
            }
            for i in 0..<count { out[i] = logConstant - half * square[i] - precision * max(total[i], 0) }
        }
    }

    /// x from d standard normal numbers z and a number χ²₈, in place; `scratch` has room for 2r.
    func draw(_ z: UnsafeMutablePointer<Double>, stride: Int, chiSquare: Double, scratch: UnsafeMutablePointer<Double>)
    {
        let d = dimension, r = rank
        guard r > 0 else {
            for j in 0..<d { z[j * stride] = mean[j] + spread * z[j * stride] }
            return
        }
        let heavy = (Self.degreesOfFreedom / chiSquare).squareRoot()
        let y = scratch, t = scratch + r
        for k in 0..<r {
            var sum = 0.0
            for j in 0..<d { sum += directions[k * d + j] * z[j * stride] }
            y[k] = sum
        }
        for k in 0..<r {
            var sum = 0.0
            for l in 0...k { sum += factor[k * r + l] * y[l] }
            t[k] = sum * heavy - spread * y[k]
        }
        for j in 0..<d {
            var x = mean[j] + spread * z[j * stride]
            for k in 0..<r { x += directions[k * d + j] * t[k] }
            z[j * stride] = x
        }
    }
}
