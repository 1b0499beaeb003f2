#if canImport(Glibc)
import Glibc
#endif
import NormalizingFlows

/// NICE as plainly as it can be written: dense loops in Double, the C library's functions.
/// What the packed model is compared with.
public struct ReferenceNICE: Sendable {
    let model: SmallModel
    /// The half of the pixels that the first coupling moves: 0 for the even-indexed ones, 1 for the odd.
    let first: Int

    public init(_ model: SmallModel, firstTransformed: PixelParity = .even) {
        self.model = model
        first = firstTransformed == .even ? 0 : 1
    }

    /// z = f(x).
    public func encode(_ x: [Double]) -> [Double] {
        var x = x
        for coupling in 0..<model.couplings {
            let moved = (first + coupling) % 2
            let kept = stride(from: 1 - moved, to: x.count, by: 2).map { x[$0] }
            for (j, shift) in network(coupling, kept).enumerated() { x[2 * j + moved] += shift }
        }
        return zip(x, model["scaling.scale"]).map { $0 * exp(Double($1)) }
    }

    public var logAbsDetJacobian: Double {
        model["scaling.scale"].reduce(0) { $0 + Double($1) }
    }

    public func logProbability(_ x: [Double]) -> Double {
        encode(x).reduce(logAbsDetJacobian) { sum, z in
            sum - abs(z) - 2 * log1p(exp(-abs(z)))
        }
    }

    /// ∂ log p / ∂x by central differences.
    public func gradient(_ x: [Double], step: Double = 1e-6) -> [Double] {
        x.indices.map { k in
            var up = x, down = x
            up[k] += step
            down[k] -= step
            return (logProbability(up) - logProbability(down)) / (2 * step)
        }
    }

    private func network(_ coupling: Int, _ input: [Double]) -> [Double] {
        let prefix = "coupling.\(coupling)"
        var values = relu(linear("\(prefix).in_block.0", input))
        for layer in 0..<model.hiddenLayers - 1 {
            values = relu(linear("\(prefix).mid_block.\(layer).0", values))
        }
        return linear("\(prefix).out_block", values)
    }

    private func linear(_ name: String, _ x: [Double]) -> [Double] {
        let weight = model["\(name).weight"], bias = model["\(name).bias"]
        return bias.indices.map { j in
            x.indices.reduce(Double(bias[j])) { $0 + x[$1] * Double(weight[j * x.count + $1]) }
        }
    }

    private func relu(_ x: [Double]) -> [Double] { x.map { max($0, 0) } }
}

/// |det| of a small matrix by Gaussian elimination with pivoting, as a logarithm.
public func logAbsDeterminant(_ rows: [[Double]]) -> Double {
    var rows = rows, sum = 0.0
    for k in rows.indices {
        let pivot = rows[k...].indices.max { abs(rows[$0][k]) < abs(rows[$1][k]) } ?? k
        rows.swapAt(k, pivot)
        sum += log(abs(rows[k][k]))
        for i in k + 1..<rows.count {
            let factor = rows[i][k] / rows[k][k]
            for j in k..<rows.count { rows[i][j] -= factor * rows[k][j] }
        }
    }
    return sum
}
