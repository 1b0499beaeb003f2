import LinearAlgebra
import Statistics

/// The standard logistic density, a factor a latent: log p(z) = −softplus(z) − softplus(−z)
/// = −|z| − 2 log(1 + e^{−|z|}), which does not overflow however far out z is.
enum LogisticPrior {
    final class Workspace {
        let magnitude, decay, logOnePlusDecay: AlignedBuffer<Double>
        let dimension: Int

        init(dimension: Int) {
            self.dimension = dimension
            magnitude = AlignedBuffer(count: dimension)
            decay = AlignedBuffer(count: dimension)
            logOnePlusDecay = AlignedBuffer(count: dimension)
        }
    }

    /// Σ log p(z_k), summed in order of k in double precision. Leaves in `workspace` what
    /// `gradient` needs.
    static func logProbability(of z: [Float], in workspace: Workspace) -> Double {
        precondition(z.count == workspace.dimension)
        let magnitude = workspace.magnitude.pointer, decay = workspace.decay.pointer
        let log = workspace.logOnePlusDecay.pointer
        for k in z.indices {
            magnitude[k] = Double(z[k].magnitude)
            decay[k] = -magnitude[k]
        }
        ElementaryFunction.exp.apply(
            to: UnsafeBufferPointer(workspace.decay.mutable), into: workspace.decay.mutable)
        ElementaryFunction.log1p.apply(
            to: UnsafeBufferPointer(workspace.decay.mutable),
            into: workspace.logOnePlusDecay.mutable)
        var sum = 0.0
        for k in z.indices { sum -= magnitude[k] + 2 * log[k] }
        return sum
    }

    /// d log p(z_k) / dz_k = −tanh(z_k / 2), for the z that `logProbability` last saw.
    @inline(__always)
    static func gradient(at k: Int, of z: [Float], in workspace: Workspace) -> Float {
        let decay = workspace.decay.pointer[k]
        let slope = Float((1 - decay) / (1 + decay))
        return z[k] < 0 ? slope : -slope
    }
}
