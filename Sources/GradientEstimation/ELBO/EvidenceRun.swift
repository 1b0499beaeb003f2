import Expressions
import Statistics

/// The estimation of an evidence lower bound's gradient: `advance` until `isFinished`, then take the
/// report.
///
/// Deterministic in the specification alone. For one caller at a time.
public final class EvidenceRun {
    public let specification: EvidenceSpecification
    /// How many samples are drawn.
    public private(set) var samplesDrawn = 0
    public var isFinished: Bool { samplesDrawn == specification.samples && quadrature.result != nil }

    private let quadrature: EvidenceQuadrature
    private let workspace: Workspace
    private let estimators: [any EvidenceEstimator]
    private let scales: [Double]
    /// −log q of the density's constant part: Σ log sⱼ + ½ d log 2π.
    private let logNormalizer: Double

    private var evidence = BlockMoments()
    /// By estimator, in the order of the specification.
    private var gradients: [VariationalPair<BlockMoments>]
    private var score: VariationalPair<BlockMoments>

    /// εⱼ, then log(h/q), then two gradients.
    private let scratch: Scratch
    private static let width = 1024

    public init(_ specification: EvidenceSpecification) {
        self.specification = specification
        let d = specification.dimension
        quadrature = EvidenceQuadrature(specification)
        workspace = Workspace(
            specification.logH.program(EvidenceSpecification.outputs(specification.estimators, dimension: d)),
            width: Self.width)
        estimators = specification.estimators.map(\.estimator)
        scales = specification.logStd.map { ElementaryFunction.exp($0) }
        let halfLogTwoPi = 0.91893853320467274
        logNormalizer = specification.logStd.reduce(0, +) + Double(d) * halfLogTwoPi
        let none = VariationalPair(
            mean: Array(repeating: BlockMoments(), count: d),
            logStd: Array(repeating: BlockMoments(), count: d))
        gradients = Array(repeating: none, count: estimators.count)
        score = none
        scratch = Scratch(blocks: d + 3, width: Self.width)
    }

    /// Draws at most so many more samples, rounded up to whole blocks of 1024; after the last, goes on
    /// with the quadrature by about a millisecond.
    public func advance(samples: Int) throws(GradientError) {
        precondition(samples >= 1 && !isFinished, "a finished run does not go on")
        if samplesDrawn == specification.samples { return quadrature.advance() }
        let goal = samplesDrawn + min(samples, specification.samples - samplesDrawn)
        while samplesDrawn < goal { try addBlock() }
    }

    private func addBlock() throws(GradientError) {
        let d = specification.dimension
        let count = min(Self.width, specification.samples - samplesDrawn)
        let logRatios = scratch[d]
        drawPoints(count)
        workspace.evaluate(count: count)
        formLogRatios(count)
        evidence.add(logRatios, count: count)
        if !evidence.mean.isFinite { throw failure(count) }
        let slopeCount = workspace.program.outputCount - 1
        let block = EvidenceBlock(
            count: count, draws: (0..<d).map { UnsafePointer(scratch[$0]) }, logRatios: logRatios,
            slopes: (0..<slopeCount).map { workspace.output($0 + 1).baseAddress! }, scales: scales)
        let (mean, logStd) = (scratch[d + 1], scratch[d + 2])
        for j in 0..<d {
            for (e, estimator) in estimators.enumerated() {
                estimator.singleDrawGradients(block, coordinate: j, mean: mean, logStd: logStd)
                gradients[e].mean[j].add(mean, count: count)
                gradients[e].logStd[j].add(logStd, count: count)
                if !(gradients[e].mean[j].mean.isFinite && gradients[e].logStd[j].mean.isFinite) {
                    throw failure(count)
                }
            }
            // The score itself, whose mean is the term that vanishes.
            let epsilon = block.draws[j]
            score.mean[j].add(epsilon, count: count, scale: 1 / scales[j])
            VectorArithmetic.multiply(epsilon, epsilon, into: logStd, count: count)
            VectorArithmetic.affine(-1, 1, logStd, into: logStd, count: count)
            score.logStd[j].add(logStd, count: count)
        }
        samplesDrawn += count
    }

    /// ε into the scratch, z into the workspace. Each coordinate has a stream of its own, so
    /// that sample i is the same whatever the blocks are.
    private func drawPoints(_ count: Int) {
        for j in 0..<specification.dimension {
            NormalDistribution.standard.fill(
                UnsafeMutableBufferPointer(start: scratch[j], count: count),
                from: Philox(seed: specification.seed, stream: RandomStream.evidence + UInt64(j)),
                at: UInt64(samplesDrawn))
            VectorArithmetic.affine(
                specification.mean[j], scales[j], scratch[j], into: workspace.input(j).baseAddress!,
                count: count)
        }
    }

    /// log h(z) + ½ Σ εⱼ² + Σ log sⱼ + ½ d log 2π.
    private func formLogRatios(_ count: Int) {
        let d = specification.dimension
        let (logRatios, squares) = (scratch[d], scratch[d + 1])
        let logH = workspace.output(0).baseAddress!
        VectorArithmetic.affine(logNormalizer, 1, logH, into: logRatios, count: count)
        for j in 0..<d {
            VectorArithmetic.multiply(scratch[j], scratch[j], into: squares, count: count)
            VectorArithmetic.affine(0, 0.5, squares, into: squares, count: count)
            VectorArithmetic.add(logRatios, squares, into: logRatios, count: count)
        }
    }

    private func failure(_ count: Int) -> GradientError {
        for i in 0..<count {
            let point = (0..<specification.dimension).map { workspace.input($0)[i] }
            if let error = workspace.program.firstFailure(at: point) {
                return .undefined(parameter: "log_h", error)
            }
        }
        return .overflow(parameter: "log_h")
    }

    /// - Precondition: the run is finished.
    public var report: EvidenceReport {
        precondition(isFinished, "a report is of a finished run")
        var reason: String?
        if case .failure(let failure) = quadrature.result {
            reason = failure.reason("log_h", variables: specification.logH.variables)
        }
        return EvidenceReport(
            evidence: evidence.mean, standardError: evidence.standardError,
            exact: try? quadrature.result?.get(), exactUnavailable: reason,
            estimators: specification.estimators.enumerated().map { index, kind in
                let isScore = kind == .logDerivative
                return EvidenceEstimate(
                    estimator: kind,
                    gradient: gradients[index].map(\.mean),
                    standardError: gradients[index].map(\.standardError),
                    variance: gradients[index].map(\.variance),
                    scoreMean: isScore ? score.map(\.mean) : nil,
                    scoreStandardError: isScore ? score.map(\.standardError) : nil)
            })
    }
}
