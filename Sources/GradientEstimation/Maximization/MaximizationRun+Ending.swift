import Projections

/// How an ascent ends: whether the point where it has come to rest is the maximizer, and what goes on where it is not.
extension MaximizationRun {
    /// A step along which f is much steeper than elsewhere says nothing about the rest: the estimate may be far too
    /// small. So the ascent goes on for some steps, and only if these lead nowhere was the point the maximizer.
    struct Candidate {
        let point: MaximizationReport.Point
        let gradient: [Double]
        let traceCount: Int
        let accepted: Int
        var acceptedLeft = 10
        var trialsLeft = 60
    }

    private static let mostRestarts = 10

    /// Ends the ascent, or begins to check whether it is to end, where the point seems to be the maximizer.
    func judge(_ point: MaximizationReport.Point) {
        guard hasConverged(point.projectedGradientNorm) else { return }
        if specification.tolerance != nil || point.projectedGradientNorm == 0 {
            end(.tolerance)
        } else {
            candidate = Candidate(point: point, gradient: gradient, traceCount: trace.count, accepted: accepted)
        }
    }

    /// After each step since the candidate: whether it leads away from it for good.
    func examineCandidate() {
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

    func end(_ reason: MaximizationReport.Stopped) {
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

    func climbByASubgradient() {
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
}
