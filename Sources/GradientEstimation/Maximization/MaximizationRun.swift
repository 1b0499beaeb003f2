import Expressions
import Projections

/// Projected gradient ascent at work: `advance` until `isFinished`, then take the report.
///
/// One iteration evaluates f and its gradient once. For one caller at a time.
public final class MaximizationRun {
    public let specification: MaximizationSpecification
    public private(set) var iteration = 0

    private let workspace: Workspace
    private var trace: [MaximizationReport.Point] = []
    /// The last point, which may not be on the trace.
    private var here: MaximizationReport.Point?
    private var accepted = 0, keptEvery = 1
    private var gradient: [Double] = []
    private var step = 1.0
    private var stopped: MaximizationReport.Stopped?

    public init(_ specification: MaximizationSpecification) {
        self.specification = specification
        workspace = Workspace(
            specification.f.program([.value] + specification.start.indices.map { .derivative($0) }), width: 1)
        if case .constant(let alpha) = specification.stepSize { step = alpha }
    }

    public var isFinished: Bool { stopped != nil }

    /// The last point reached; nil before the first `advance`.
    public var point: MaximizationReport.Point? { here }

    /// Coordinates that a trace holds at most.
    public static let mostTraceNumbers = 200_000

    /// - Throws: `GradientError.undefined`, where f has no value at a point that has to be
    ///   visited. (The automatic step turns back from such points.)
    public func advance(iterations: Int) throws(GradientError) {
        precondition(iterations >= 1 && !isFinished, "a finished run does not go on")
        if trace.isEmpty {
            var x = specification.start
            project(&x)
            switch try evaluate(x) {
            case .finite(let start): accept(x, start)
            case .unbounded: throw .overflow(parameter: "f")
            }
            if stopped == nil, specification.stepSize == .automatic { step = firstStep() }
        }
        var left = iterations
        while left > 0 && stopped == nil {
            try iterate()
            if stopped == nil, iteration == specification.iterations { stopped = .iterations }
            left -= 1
        }
    }

    private struct Evaluation {
        let value: Double
        let gradient: [Double]
    }

    private enum Outcome {
        case finite(Evaluation)
        /// f is +∞.
        case unbounded
    }

    private func iterate() throws(GradientError) {
        iteration += 1
        guard let here else { return }
        var x = here.x
        for i in x.indices { x[i] += step * gradient[i] }
        project(&x)
        guard specification.stepSize == .automatic else {
            switch try evaluate(x) {
            case .finite(let there): accept(x, there)
            case .unbounded: stopped = .unbounded
            }
            return
        }
        if x == here.x {
            stopped = .precision
            return
        }
        // The sufficient rise along the projection arc (Bertsekas 1976), up to f's own rounding.
        let rise = zip(gradient, zip(x, here.x)).reduce(0.0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
        let rounding = 4 * here.value.ulp
        let outcome = try? evaluate(x)
        if case .unbounded = outcome {
            stopped = .unbounded
            return
        }
        guard case .finite(let there) = outcome, there.value >= here.value + 1e-4 * rise - rounding else {
            step /= 2
            return
        }
        step = nextStep(from: here.x, to: x, there.gradient)
        accept(x, there)
    }

    /// The spectral step sᵀs/sᵀy with y the fall of the gradient (Barzilai, Borwein 1988), the
    /// inverse of f's curvature along the last step; doubled where f curves upwards.
    private func nextStep(from old: [Double], to new: [Double], _ slope: [Double]) -> Double {
        var squares = 0.0
        var curvature = 0.0
        for i in old.indices {
            let s = new[i] - old[i]
            squares += s * s
            curvature += s * (gradient[i] - slope[i])
        }
        let next = curvature > 0 ? squares / curvature : 2 * step
        return min(max(next, 1e-12), 1e12)
    }

    /// One that moves x by at most about its own size.
    private func firstStep() -> Double {
        let x = here?.x ?? []
        let size = x.reduce(1.0) { max($0, abs($1)) }
        let slope = gradient.reduce(0.0) { max($0, abs($1)) }
        return slope > 0 ? min(1, size / slope) : 1
    }

    private func accept(_ x: [Double], _ evaluation: Evaluation) {
        gradient = evaluation.gradient
        let norm = specification.constraints.map { $0.projectedGradientNorm(at: x, gradient: gradient) }
            ?? euclideanDistance(gradient, Array(repeating: 0, count: gradient.count))
        let point = MaximizationReport.Point(
            iteration: iteration, x: x, value: evaluation.value, projectedGradientNorm: norm)
        here = point
        if accepted % keptEvery == 0 { trace.append(point) }
        accepted += 1
        if trace.count * x.count > Self.mostTraceNumbers {
            trace = stride(from: 0, to: trace.count, by: 2).map { trace[$0] }
            keptEvery *= 2
        }
        if norm < specification.tolerance { stopped = .tolerance }
    }

    private func evaluate(_ x: [Double]) throws(GradientError) -> Outcome {
        do {
            let values = try workspace.values(at: x)
            return .finite(Evaluation(value: values[0], gradient: Array(values.dropFirst())))
        } catch {
            // A point that is itself no number says nothing about f.
            if workspace.output(0)[0] == .infinity, x.allSatisfy(\.isFinite) { return .unbounded }
            throw .undefined(parameter: "f", error)
        }
    }

    private func project(_ x: inout [Double]) { specification.constraints?.project(&x) }

    /// - Precondition: the run is finished.
    public var report: MaximizationReport {
        precondition(isFinished, "a report is of a finished run")
        var trace = trace
        if let here, trace.last != here { trace.append(here) }
        return MaximizationReport(trace: trace, iterations: iteration, stopped: stopped ?? .iterations)
    }
}
