import Expressions
import Statistics

/// The estimators of ∇_φ E_q[log h(z) − log q_φ(z)], by their public names.
public enum EvidenceEstimatorKind: String, CaseIterable, Hashable, Sendable {
    case logDerivative = "log_derivative"
    case reparameterization
    case stickingTheLanding = "sticking_the_landing"

    var estimator: any EvidenceEstimator {
        switch self {
        case .logDerivative: EvidenceScoreFunction()
        case .reparameterization: EvidenceReparameterization()
        case .stickingTheLanding: StickingTheLanding()
        }
    }
}

/// Draws zⱼ = mⱼ + sⱼεⱼ and what is known of each, block by block.
struct EvidenceBlock {
    let count: Int
    /// εⱼ (d arrays of count).
    let draws: [UnsafePointer<Double>]
    /// log h(z) − log q(z) (count).
    let logRatios: UnsafePointer<Double>
    /// ∂ log h/∂zⱼ (d arrays of count), where they were asked for.
    let slopes: [UnsafePointer<Double>]
    /// sⱼ (d).
    let scales: [Double]
}

/// Turns each draw into a gradient in mⱼ and log sⱼ of its own.
protocol EvidenceEstimator: Sendable {
    func singleDrawGradients(
        _ block: EvidenceBlock, coordinate j: Int,
        mean: UnsafeMutablePointer<Double>, logStd: UnsafeMutablePointer<Double>)
}

/// The score-function (log-derivative) form
///
///     ∇_φ E_q[log h − log q] = E_q[(∇_φ log q_φ(z)) · log(h(z)/q_φ(z))] − E_q[∇_φ log q_φ(z)]
///
/// without the second term, which is zero: ε/s and ε² − 1 times log(h/q).
struct EvidenceScoreFunction: EvidenceEstimator {
    func singleDrawGradients(
        _ block: EvidenceBlock, coordinate j: Int,
        mean: UnsafeMutablePointer<Double>, logStd: UnsafeMutablePointer<Double>
    ) {
        let epsilon = block.draws[j]
        VectorArithmetic.multiply(block.logRatios, epsilon, into: mean, count: block.count)
        VectorArithmetic.multiply(mean, epsilon, into: logStd, count: block.count)
        VectorArithmetic.subtract(logStd, block.logRatios, into: logStd, count: block.count)
        VectorArithmetic.affine(0, 1 / block.scales[j], mean, into: mean, count: block.count)
    }
}

/// The reparameterization form with the entropy's gradient in closed form:
///
///     ∂/∂mⱼ: ∂ⱼ log h(z)        ∂/∂log sⱼ: ∂ⱼ log h(z) sⱼεⱼ + 1
///
/// (Kingma, Welling 2014): −log q_φ(z(φ, ε)) is Σ log sⱼ and a term of ε alone.
struct EvidenceReparameterization: EvidenceEstimator {
    func singleDrawGradients(
        _ block: EvidenceBlock, coordinate j: Int,
        mean: UnsafeMutablePointer<Double>, logStd: UnsafeMutablePointer<Double>
    ) {
        VectorArithmetic.affine(0, 1, block.slopes[j], into: mean, count: block.count)
        VectorArithmetic.multiply(mean, block.draws[j], into: logStd, count: block.count)
        VectorArithmetic.affine(1, block.scales[j], logStd, into: logStd, count: block.count)
    }
}

/// The path derivative without the score term (Roeder, Wu, Duvenaud, "Sticking the landing",
/// 2017, equation 8): with −∂ⱼ log q(z) = εⱼ/sⱼ,
///
///     ∂/∂mⱼ: ∂ⱼ log h(z) + εⱼ/sⱼ        ∂/∂log sⱼ: (∂ⱼ log h(z) + εⱼ/sⱼ) sⱼεⱼ
///
/// Where q is h up to a factor both are zero for every draw.
struct StickingTheLanding: EvidenceEstimator {
    func singleDrawGradients(
        _ block: EvidenceBlock, coordinate j: Int,
        mean: UnsafeMutablePointer<Double>, logStd: UnsafeMutablePointer<Double>
    ) {
        let epsilon = block.draws[j]
        let scale = block.scales[j]
        VectorArithmetic.affine(0, 1 / scale, epsilon, into: mean, count: block.count)
        VectorArithmetic.add(mean, block.slopes[j], into: mean, count: block.count)
        VectorArithmetic.multiply(mean, epsilon, into: logStd, count: block.count)
        VectorArithmetic.affine(0, scale, logStd, into: logStd, count: block.count)
    }
}
