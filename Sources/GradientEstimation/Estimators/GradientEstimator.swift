import Expressions
import Statistics

/// The estimators of ∇_θ E_{x~N(μ,σ²)}[f(x)], θ = (μ, τ = log σ), by their public names.
public enum EstimatorKind: String, CaseIterable, Hashable, Sendable {
    case logDerivative = "log_derivative"
    case reparameterization
    case logDerivativeBaseline = "log_derivative_baseline"
    case measureValued = "measure_valued"

    /// An estimator with memory of its own.
    ///
    /// - Parameters:
    ///   - exponentials: the stream of the further draws that an estimator may want
    ///   - width: the most draws of a block
    func makeEstimator(of f: Expression, exponentials: Philox, width: Int) -> any GradientEstimator {
        switch self {
        case .logDerivative: ScoreFunctionEstimator(of: f, width: width)
        case .reparameterization: ReparameterizationEstimator(of: f, width: width)
        case .logDerivativeBaseline: LeaveOneOutEstimator(of: f, width: width)
        case .measureValued:
            MeasureValuedEstimator(of: f, exponentials: exponentials, width: width)
        }
    }
}

/// An unbiased estimator of ∇_θ E[f(x)] that turns each draw into a gradient of its own; an
/// estimate is their mean.
protocol GradientEstimator: AnyObject {
    /// Single-draw gradients at `parameters` for the standard normal draws ε (count), the
    /// first of which has `firstIndex` in the run's stream.
    ///
    /// Nothing is checked here: a value of f that is not finite shows in their sum.
    func singleDrawGradients(
        _ draws: UnsafePointer<Double>, count: Int, firstIndex: UInt64,
        at parameters: GaussianParameters
    ) -> SingleDrawGradients

    /// What f is evaluated in; its inputs are those of the last block.
    var workspace: Workspace { get }
    /// How many values of f one draw takes.
    var evaluationsPerDraw: Int { get }
    /// The fewest draws of a block.
    var smallestBlock: Int { get }
}

extension GradientEstimator {
    var evaluationsPerDraw: Int { 1 }
    var smallestBlock: Int { 1 }

    /// What the workspace evaluates first, at x = μ + σε for each draw.
    func values(
        at draws: UnsafePointer<Double>, count: Int, _ parameters: GaussianParameters
    ) -> UnsafePointer<Double> {
        let x = workspace.input(0).baseAddress!
        VectorArithmetic.affine(parameters.mu, parameters.sigma, draws, into: x, count: count)
        workspace.evaluate(count: count)
        return workspace.output(0).baseAddress!
    }

    /// Why the last block of `count` draws was not finite; nil where no value of f is to blame.
    func failure(count: Int) -> EvaluationError? {
        let points = workspace.input(0)
        for i in 0..<count * evaluationsPerDraw {
            if let failure = workspace.program.firstFailure(at: [points[i]]) { return failure }
        }
        return nil
    }
}

/// The gradients of a block of draws: `mu[i] · muScale` and `tau[i] · tauScale`. Valid until
/// the estimator's next block.
struct SingleDrawGradients {
    let mu, tau: UnsafePointer<Double>
    let muScale, tauScale: Double
}

/// Memory for blocks of doubles, aligned to cache lines and freed with its owner.
final class Scratch {
    private let memory: UnsafeMutablePointer<Double>
    private let stride: Int

    init(blocks: Int, width: Int) {
        stride = (width + 7) / 8 * 8
        memory =
            UnsafeMutableRawPointer
            .allocate(byteCount: blocks * stride * MemoryLayout<Double>.stride, alignment: 64)
            .bindMemory(to: Double.self, capacity: blocks * stride)
        memory.initialize(repeating: 0, count: blocks * stride)
    }

    deinit { memory.deallocate() }

    subscript(block: Int) -> UnsafeMutablePointer<Double> { memory + block * stride }
}
