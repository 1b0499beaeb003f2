import Expressions
import Projections

/// Projected gradient ascent at work: `advance` until `isFinished`, then take the report.
///
/// One iteration evaluates f and its gradient once. For one caller at a time.
public final class MaximizationRun {
    public let specification: MaximizationSpecification
    public internal(set) var iteration = 0

    private let workspace: Workspace
    var trace: [MaximizationReport.Point] = []
    /// The last point, which may not be on the trace.
    var here: MaximizationReport.Point?
    var accepted = 0
    private var keptEvery = 1
    var gradient: [Double] = []
    var step = 1.0
    /// The point that is being checked for being the maximizer.
    var candidate: Candidate?
    /// What goes on where f has a kink, and what the ascent stopped by before.
    var subgradients: (ascent: SubgradientAscent, stopped: MaximizationReport.Stopped)?
    var doubt: MaximizationReport.Doubt?
    /// How often the ascent was taken up again from a higher point beside the one where it had come to rest.
    var restarts = 0
    /// 1/curvature of f along each of the last steps, since one along which f did not curve downwards.
    var inverseCurvatures: [Double] = []
    /// The largest coordinate, or the largest distance from the start, that was met.
    var reach = 0.0
    var stopped: MaximizationReport.Stopped?

    public init(_ specification: MaximizationSpecification) {
        self.specification = specification
        workspace = Workspace(
            specification.f.program([.value] + specification.start.indices.map { .derivative($0) }), width: 1)
        if case .constant(let alpha) = specification.stepSize { step = alpha }
    }

    public var isFinished: Bool { stopped != nil }

    /// The last point reached; nil before the first `advance`.
    public var point: MaximizationReport.Point? { here }

    /// Without a tolerance the ascent stops when the distance to the maximizer is below this part of the largest
    /// coordinate, or of the way from the start. The distance is estimated as the projected gradient's norm over the least
    /// curvature of the last ten steps, or times the automatic step.
    public static let nearness = 1e-9
    private static let stepsRemembered = 10

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
            case .unbounded(let error): throw .undefined(parameter: "f", error)
            }
            if stopped == nil, specification.stepSize == .automatic { step = firstStep() }
        }
        var left = iterations
        while left > 0 && stopped == nil {
            if subgradients == nil { try iterate() } else { climbByASubgradient() }
            if stopped == nil { examineCandidate() }
            if stopped == nil, candidate == nil, iteration >= specification.iterations { end(.iterations) }
            left -= 1
        }
    }

    struct Evaluation {
        let value: Double
        let gradient: [Double]
    }

    enum Outcome {
        case finite(Evaluation)
        /// f is +∞.
        case unbounded(EvaluationError)
    }

    private func iterate() throws(GradientError) {
        iteration += 1
        guard let here else { return }
        var x = here.x
        for i in x.indices { x[i] += step * gradient[i] }
        project(&x)
        guard specification.stepSize == .automatic else {
            switch try evaluate(x) {
            case .finite(let there):
                _ = nextStep(from: here.x, to: x, there.gradient)
                accept(x, there)
            // A step of the client's own choice that leads there is the client's to mend.
            case .unbounded(let error): throw .undefined(parameter: "f", error)
            }
            return
        }
        if x == here.x {
            end(.precision)
            return
        }
        // The sufficient rise along the projection arc (Bertsekas 1976), up to f's own rounding.
        let rise = zip(gradient, zip(x, here.x)).reduce(0.0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
        let rounding = 4 * here.value.ulp
        let outcome = try? evaluate(x)
        if case .unbounded = outcome {
            end(.unbounded)
            return
        }
        guard case .finite(let there) = outcome, there.value >= here.value + 1e-4 * rise - rounding else {
            step /= 2
            return
        }
        step = nextStep(from: here.x, to: x, there.gradient)
        accept(x, there)
        if stopped == nil, inverseCurvatures.isEmpty, reach >= Self.longestStep { end(.unbounded) }
    }

    /// The spectral step sᵀs/sᵀy with y the fall of the gradient (Barzilai, Borwein 1988), the
    /// inverse of f's curvature along the last step; doubled where f curves upwards. Remembers the curvature.
    private func nextStep(from old: [Double], to new: [Double], _ slope: [Double]) -> Double {
        var squares = 0.0
        var curvature = 0.0
        for i in old.indices {
            let s = new[i] - old[i]
            squares += s * s
            curvature += s * (gradient[i] - slope[i])
        }
        guard curvature > 0 else {
            inverseCurvatures = []
            return min(2 * step, Self.longestStep)
        }
        let next = squares / curvature
        inverseCurvatures.append(next)
        if inverseCurvatures.count > Self.stepsRemembered { inverseCurvatures.removeFirst() }
        return min(max(next, .leastNormalMagnitude), Self.longestStep)
    }

    private static let longestStep = 1e300

    /// One that moves x by at most about its own size, and by no less than a thousandth of that.
    func firstStep() -> Double {
        let x = here?.x ?? []
        let size = x.reduce(1.0) { max($0, abs($1)) }
        let slope = gradient.reduce(0.0) { max($0, abs($1)) }
        return slope > 0 ? min(max(min(1, size / slope), 1e-3 * size / slope), Self.longestStep) : 1
    }

    func hasConverged(_ norm: Double) -> Bool {
        if let tolerance = specification.tolerance { return norm < tolerance }
        if norm == 0 { return true }
        // Where f has not curved downwards, the automatic step has been doubled, and says how far x still moves.
        let steps = specification.stepSize == .automatic ? inverseCurvatures + [step] : inverseCurvatures
        return steps.max().map { $0 * norm <= Self.nearness * reach } ?? false
    }

    func accept(_ x: [Double], _ evaluation: Evaluation) {
        gradient = evaluation.gradient
        let point = MaximizationReport.Point(
            iteration: iteration, x: x, value: evaluation.value,
            projectedGradientNorm: projectedGradientNorm(at: x, gradient))
        add(point)
        for (coordinate, start) in zip(x, specification.start) {
            reach = max(reach, abs(coordinate), abs(coordinate - start))
        }
        if candidate != nil {
            candidate?.acceptedLeft -= 1
        } else {
            judge(point)
        }
    }

    func add(_ point: MaximizationReport.Point) {
        here = point
        if accepted % keptEvery == 0 { trace.append(point) }
        accepted += 1
        if candidate == nil, trace.count * point.x.count > Self.mostTraceNumbers {
            trace = stride(from: 0, to: trace.count, by: 2).map { trace[$0] }
            keptEvery *= 2
        }
    }

    func projectedGradientNorm(at x: [Double], _ gradient: [Double]) -> Double {
        specification.constraints.map { $0.projectedGradientNorm(at: x, gradient: gradient) }
            ?? euclideanDistance(gradient, Array(repeating: 0, count: gradient.count))
    }

    func evaluate(_ x: [Double]) throws(GradientError) -> Outcome {
        do {
            let values = try workspace.values(at: x)
            return .finite(Evaluation(value: values[0], gradient: Array(values.dropFirst())))
        } catch {
            // A point that is itself no number says nothing about f.
            if workspace.output(0)[0] == .infinity, x.allSatisfy(\.isFinite) { return .unbounded(error) }
            throw .undefined(parameter: "f", error)
        }
    }

    func project(_ x: inout [Double]) { specification.constraints?.project(&x) }

    /// - Precondition: the run is finished.
    public var report: MaximizationReport {
        precondition(isFinished, "a report is of a finished run")
        var trace = trace
        if let here, trace.last != here { trace.append(here) }
        return MaximizationReport(
            trace: trace, iterations: iteration, stopped: stopped ?? .iterations, doubt: doubt)
    }
}
