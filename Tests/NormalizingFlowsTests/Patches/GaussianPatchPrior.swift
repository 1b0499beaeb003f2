import LinearAlgebra
import NormalizingFlows

/// Patches under which neighbouring pixels differ little, whatever the level of noise: log p = −½ (Σ over neighbours (xᵢ −
/// xⱼ)² + ε Σ (xᵢ − ½)²) but for a constant.
struct GaussianPatchPrior: PatchPrior {
    let side: Int
    var pull: Float = 0.01

    func makeEvaluator(capacity: Int) throws(OutOfMemory) -> any PatchEvaluator { Evaluator(self) }

    private final class Evaluator: PatchEvaluator {
        let prior: GaussianPatchPrior

        init(_ prior: GaussianPatchPrior) { self.prior = prior }

        func evaluate(
            _ patches: UnsafePointer<Float>, count: Int, noise: Double, logDensities: UnsafeMutablePointer<Double>,
            gradients: UnsafeMutablePointer<Float>?
        ) {
            let side = prior.side
            for patch in 0..<count {
                var energy: Float = 0
                let x = patches + patch * side * side, slope = gradients.map { $0 + patch * side * side }
                slope?.update(repeating: 0, count: side * side)
                for i in 0..<side * side {
                    energy += 0.5 * prior.pull * (x[i] - 0.5) * (x[i] - 0.5)
                    slope?[i] -= prior.pull * (x[i] - 0.5)
                    // Half each way, so that a pair counts once.
                    for j in [i % side == 0 ? nil : i - 1, i % side == side - 1 ? nil : i + 1, i - side, i + side] {
                        guard let j, 0..<side * side ~= j else { continue }
                        energy += 0.25 * (x[i] - x[j]) * (x[i] - x[j])
                        slope?[i] -= x[i] - x[j]
                    }
                }
                logDensities[patch] = -Double(energy)
            }
        }
    }
}
