import Statistics

/// A mixture of components fitted to an event, and of wide ones that are there in case the others miss something.
struct ProposalMixture: Sendable, Hashable {
    var components: [MixtureComponent]
    /// Of the same number, positive, adding up to 1.
    var weights: [Double]
    /// How many of the components, the last, are wide.
    var wide: Int

    var dimension: Int { components.first?.dimension ?? 0 }

    /// Log density at points of u, (d, stride), and the share of the wide components.
    func logDensities(
        _ u: UnsafePointer<Double>, stride: Int, count: Int, into out: UnsafeMutablePointer<Double>,
        wideShares: UnsafeMutablePointer<Double>? = nil
    ) {
        let k = components.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (k + 1) * count) { memory in
            guard let each = memory.baseAddress else { return }
            memory.initialize(repeating: 0)
            let sum = each + k * count
            out.update(repeating: -.infinity, count: count)
            for (c, component) in components.enumerated() {
                let row = each + c * count, log = ElementaryFunction.log(weights[c])
                component.logDensities(u, stride: stride, count: count, into: row)
                for i in 0..<count {
                    row[i] += log
                    out[i] = max(out[i], row[i])
                }
            }
            wideShares?.update(repeating: 0, count: count)
            for c in 0..<k {
                let row = each + c * count
                for i in 0..<count { row[i] -= out[i] }
                let values = UnsafeMutableBufferPointer(start: row, count: count)
                ElementaryFunction.exp.apply(to: .init(values), into: values)
                for i in 0..<count { sum[i] += row[i] }
                if let wideShares, c >= k - wide { for i in 0..<count { wideShares[i] += row[i] } }
            }
            if let wideShares { for i in 0..<count { wideShares[i] /= sum[i] } }
            let values = UnsafeMutableBufferPointer(start: sum, count: count)
            ElementaryFunction.log.apply(to: .init(values), into: values)
            for i in 0..<count { out[i] += sum[i] }
        }
    }

    /// Log densities at points, and of the standard normal density.
    func logDensities(
        at points: Points, _ stop: StopCheck
    ) throws(CancellationError) -> (mixture: [Double], normal: [Double]) {
        let n = points.count, d = points.dimension
        var mixture = [Double](repeating: 0, count: n), normal = mixture
        let columns = points.byVariable()
        for start in stride(from: 0, to: n, by: 256) {
            try stop.look()
            columns.withUnsafeBufferPointer { columns in
                mixture.withUnsafeMutableBufferPointer { out in
                    guard let u = columns.baseAddress, let out = out.baseAddress else { return }
                    logDensities(u + start, stride: n, count: min(256, n - start), into: out + start)
                }
            }
        }
        columns.withUnsafeBufferPointer { u in
            for j in 0..<d { for i in 0..<n { normal[i] += u[j * n + i] * u[j * n + i] } }
        }
        for i in 0..<n { normal[i] = -0.5 * normal[i] - 0.918_938_533_204_672_74 * Double(d) }
        return (mixture, normal)
    }
}

extension Points {
    /// (dimension, count).
    func byVariable() -> [Double] {
        var columns = [Double](repeating: 0, count: coordinates.count)
        let n = count
        for i in 0..<n { for j in 0..<dimension { columns[j * n + i] = coordinates[i * dimension + j] } }
        return columns
    }
}

/// Draws from a mixture, weighed by φ/q.
struct MixtureDraws: DrawSource {
    let mixture: ProposalMixture
    let philox: Philox
    private let cumulative: [Double]

    init(_ mixture: ProposalMixture, philox: Philox) {
        self.mixture = mixture
        self.philox = philox
        var sum = 0.0
        cumulative = mixture.weights.map {
            sum += $0
            return sum
        }
    }

    func fill(
        _ u: UnsafeMutablePointer<Double>, stride: Int, logWeights: UnsafeMutablePointer<Double>,
        wideShares: UnsafeMutablePointer<Double>, first: UInt64, count: Int
    ) {
        let d = mixture.dimension, most = mixture.components.map(\.rank).max() ?? 0
        for j in 0..<d {
            NormalDistribution.standard.fill(
                UnsafeMutableBufferPointer(start: u + j * stride, count: count), from: philox.adding(j), at: first)
        }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count + 2 * most) { memory in
            guard let choices = memory.baseAddress else { return }
            memory.initialize(repeating: 0)
            let chiSquares = choices + count, exponentials = chiSquares + count, scratch = exponentials + count
            UniformDistribution.standard.fill(
                UnsafeMutableBufferPointer(start: choices, count: count), from: philox.adding(d), at: first)
            if most > 0 {
                for k in 1...MixtureComponent.exponentials {
                    ExponentialDistribution.standard.fill(
                        UnsafeMutableBufferPointer(start: exponentials, count: count), from: philox.adding(d + k),
                        at: first)
                    for i in 0..<count { chiSquares[i] += 2 * exponentials[i] }
                }
            }
            for i in 0..<count {
                let component = cumulative.firstIndex { choices[i] < $0 } ?? mixture.components.count - 1
                mixture.components[component].draw(u + i, stride: stride, chiSquare: chiSquares[i], scratch: scratch)
            }
        }
        mixture.logDensities(u, stride: stride, count: count, into: logWeights, wideShares: wideShares)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { squares in
            squares.initialize(repeating: 0)
            for j in 0..<d {
                let x = u + j * stride
                for i in 0..<count { squares[i] += x[i] * x[i] }
            }
            let constant = 0.918_938_533_204_672_74 * Double(d)
            for i in 0..<count { logWeights[i] = -0.5 * squares[i] - constant - logWeights[i] }
        }
    }

    var cost: Int {
        mixture.components.reduce(0) { $0 + 20 + mixture.dimension * (3 + $1.rank) } + 10 * mixture.dimension
    }
    var isNaive: Bool { false }
}
