import LinearAlgebra
import NormalizingFlows

/// Patches under which neighbouring pixels differ little: log p = −½ (Σ over neighbours (xᵢ − xⱼ)² + ε Σ (xᵢ − ½)²) but for a
/// constant, the same in each channel.
struct GaussianPatchPrior: PatchPrior {
    let side, channels: Int
    var pull: Float = 0.01

    func makeEvaluator(capacity: Int) throws(OutOfMemory) -> any PatchEvaluator { Evaluator(self) }

    private final class Evaluator: PatchEvaluator {
        let prior: GaussianPatchPrior

        init(_ prior: GaussianPatchPrior) { self.prior = prior }

        func evaluate(
            _ patches: UnsafePointer<Float>, count: Int, logDensities: UnsafeMutablePointer<Double>,
            gradients: UnsafeMutablePointer<Float>?
        ) {
            let side = prior.side
            for patch in 0..<count {
                var energy: Float = 0
                for channel in 0..<prior.channels {
                    let start = (patch * prior.channels + channel) * side * side
                    let x = patches + start, slope = gradients.map { $0 + start }
                    slope?.update(repeating: 0, count: side * side)
                    func pull(_ i: Int, to target: Float, _ weight: Float) {
                        energy += 0.5 * weight * (x[i] - target) * (x[i] - target)
                        slope?[i] -= weight * (x[i] - target)
                    }
                    for i in 0..<side * side {
                        pull(i, to: 0.5, prior.pull)
                        // Half each way, so that a pair counts once.
                        for j in [i % side == 0 ? nil : i - 1, i % side == side - 1 ? nil : i + 1, i - side, i + side] {
                            guard let j, 0..<side * side ~= j else { continue }
                            energy += 0.25 * (x[i] - x[j]) * (x[i] - x[j])
                            slope?[i] -= x[i] - x[j]
                        }
                    }
                }
                logDensities[patch] = -Double(energy)
            }
        }
    }
}
