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
    /// The point that is being checked for being the maximizer.
    private var candidate: Candidate?
    /// What goes on where f has a kink, and what the ascent stopped by before.
    private var subgradients: (ascent: SubgradientAscent, stopped: MaximizationReport.Stopped)?
    private var doubt: MaximizationReport.Doubt?
    /// How often the ascent was taken up again from a higher point beside the one where it had come to rest.
    private var restarts = 0
    private static let mostRestarts = 10
    /// 1/curvature of f along each of the last steps, since one along which f did not curve downwards.
    private var inverseCurvatures: [Double] = []
    /// The largest coordinate, or the largest distance from the start, that was met.
    private var reach = 0.0
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

    /// Without a tolerance the ascent stops when the distance to the maximizer is below this part of the largest
    /// coordinate, or of the way from the start. The distance is estimated as the projected gradient's norm over the least
    /// curvature of the last ten steps, or times the automatic step.
    public static let nearness = 1e-9
    private static let stepsRemembered = 10

    /// A step along which f is much steeper than elsewhere says nothing about the rest: the estimate may be far too
    /// small. So the ascent goes on for some steps, and only if these lead nowhere was the point the maximizer.
    private struct Candidate {
        let point: MaximizationReport.Point
        let gradient: [Double]
        let traceCount: Int
        let accepted: Int
        var acceptedLeft = 10
        var trialsLeft = 60
    }

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

    private struct Evaluation {
        let value: Double
        let gradient: [Double]
    }

    private enum Outcome {
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
    private func firstStep() -> Double {
        let x = here?.x ?? []
        let size = x.reduce(1.0) { max($0, abs($1)) }
        let slope = gradient.reduce(0.0) { max($0, abs($1)) }
        return slope > 0 ? min(max(min(1, size / slope), 1e-3 * size / slope), Self.longestStep) : 1
    }

    private func hasConverged(_ norm: Double) -> Bool {
        if let tolerance = specification.tolerance { return norm < tolerance }
        if norm == 0 { return true }
        // Where f has not curved downwards, the automatic step has been doubled, and says how far x still moves.
        let steps = specification.stepSize == .automatic ? inverseCurvatures + [step] : inverseCurvatures
        return steps.max().map { $0 * norm <= Self.nearness * reach } ?? false
    }

    private func accept(_ x: [Double], _ evaluation: Evaluation) {
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

    /// Ends the ascent, or begins to check whether it is to end, where the point seems to be the maximizer.
    private func judge(_ point: MaximizationReport.Point) {
        guard hasConverged(point.projectedGradientNorm) else { return }
        if specification.tolerance != nil || point.projectedGradientNorm == 0 {
            end(.tolerance)
        } else {
            candidate = Candidate(point: point, gradient: gradient, traceCount: trace.count, accepted: accepted)
        }
    }

    private func add(_ point: MaximizationReport.Point) {
        here = point
        if accepted % keptEvery == 0 { trace.append(point) }
        accepted += 1
        if candidate == nil, trace.count * point.x.count > Self.mostTraceNumbers {
            trace = stride(from: 0, to: trace.count, by: 2).map { trace[$0] }
            keptEvery *= 2
        }
    }

    private func projectedGradientNorm(at x: [Double], _ gradient: [Double]) -> Double {
        specification.constraints.map { $0.projectedGradientNorm(at: x, gradient: gradient) }
            ?? euclideanDistance(gradient, Array(repeating: 0, count: gradient.count))
    }

    /// After each step since the candidate: whether it leads away from it for good.
    private func examineCandidate() {
        guard candidate != nil, let here else { return }
        candidate?.trialsLeft -= 1
        guard let candidate else { return }
        let point = candidate.point
        if euclideanDistance(here.x, point.x) > 2 * Self.nearness * reach,
            here.value > point.value + 4 * point.value.ulp
                || here.projectedGradientNorm < 0.5 * point.projectedGradientNorm
        {
            if iteration > specification.iterations {
                restore(candidate)
                iteration = specification.iterations
                stopped = .iterations
            }
            self.candidate = nil
            if stopped == nil { judge(here) }
        } else if here.projectedGradientNorm == 0 || candidate.acceptedLeft <= 0 || candidate.trialsLeft <= 0 {
            end(.tolerance)
        }
    }

    private func restore(_ candidate: Candidate) {
        here = candidate.point
        gradient = candidate.gradient
        iteration = candidate.point.iteration
        trace.removeLast(trace.count - candidate.traceCount)
        accepted = candidate.accepted
    }

    private func end(_ reason: MaximizationReport.Stopped) {
        var reason = reason
        if let candidate, reason != .unbounded {
            restore(candidate)
            reason = .tolerance
        }
        candidate = nil
        let mayGoOn = specification.stepSize == .automatic && subgradients == nil
        guard subgradients != nil || hasComeToRest(by: reason), let here, let around = surroundings() else {
            stopped = reason
            return
        }
        if around.hasKink {
            if around.isStationary {
                stopped = subgradients?.stopped ?? reason
            } else if mayGoOn, iteration < specification.iterations {
                let start = around.highest ?? .init(x: here.x, value: here.value, gradient: gradient)
                subgradients = (
                    SubgradientAscent(
                        from: start.x, along: start.gradient, length: size / 2,
                        iterations: specification.iterations - iteration), reason
                )
            } else {
                doubt = .kink
                stopped = .precision
            }
        } else if subgradients != nil {
            stopped = .iterations
        } else if let highest = around.highest {
            if mayGoOn, restarts < Self.mostRestarts {
                if iteration >= specification.iterations {
                    stopped = .iterations
                } else {
                    restarts += 1
                    iteration += 1
                    inverseCurvatures = []
                    accept(highest.x, Evaluation(value: highest.value, gradient: highest.gradient))
                    step = firstStep()
                }
            } else {
                doubt = .higherNearby
                stopped = .precision
            }
        } else {
            stopped = reason
        }
    }

    /// Whether the ascent stopped for want of a way on, not since a client's tolerance or limit was reached.
    private func hasComeToRest(by reason: MaximizationReport.Stopped) -> Bool {
        switch reason {
        case .precision: true
        case .tolerance: specification.tolerance == nil
        case .iterations, .unbounded: false
        }
    }

    /// What distances are measured by.
    private var size: Double { reach > 0 ? reach : 1 }

    private func surroundings() -> Surroundings? {
        guard let here else { return nil }
        return Surroundings(
            of: .init(x: here.x, value: here.value, gradient: gradient), size: size, in: specification.constraints
        ) { [self] x in
            guard case .finite(let there) = try? evaluate(x) else { return nil }
            return .init(x: x, value: there.value, gradient: there.gradient)
        }
    }

    private func climbByASubgradient() {
        iteration += 1
        guard var ascent = subgradients?.ascent, let here else { return }
        var x = ascent.trial
        project(&x)
        switch try? evaluate(x) {
        case .unbounded:
            subgradients = nil
            stopped = .unbounded
            return
        case .finite(let there):
            ascent.goOn(from: x, along: there.gradient)
            if there.value > here.value {
                gradient = there.gradient
                add(
                    MaximizationReport.Point(
                        iteration: iteration, x: x, value: there.value,
                        projectedGradientNorm: projectedGradientNorm(at: x, there.gradient)))
            }
        case nil: ascent.goOn(from: here.x, along: gradient)
        }
        subgradients?.ascent = ascent
    }

    private func evaluate(_ x: [Double]) throws(GradientError) -> Outcome {
        do {
            let values = try workspace.values(at: x)
            return .finite(Evaluation(value: values[0], gradient: Array(values.dropFirst())))
        } catch {
            // A point that is itself no number says nothing about f.
            if workspace.output(0)[0] == .infinity, x.allSatisfy(\.isFinite) { return .unbounded(error) }
            throw .undefined(parameter: "f", error)
        }
    }

    private func project(_ x: inout [Double]) { specification.constraints?.project(&x) }

    /// - Precondition: the run is finished.
    public var report: MaximizationReport {
        precondition(isFinished, "a report is of a finished run")
        var trace = trace
        if let here, trace.last != here { trace.append(here) }
        return MaximizationReport(
            trace: trace, iterations: iteration, stopped: stopped ?? .iterations, doubt: doubt)
    }
}
