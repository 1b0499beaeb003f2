import Expressions

extension GradientReport {
    /// The descents in the (μ, σ) plane over the contours of J, with the start and the optimum
    /// marked, as an SVG document. A pure function of the problem and its report.
    public func figure(of problem: GradientProblem) -> String {
        let places = [problem.start, optimum.parameters].compactMap { $0 }
        let mu = estimators.flatMap(\.trace.mu) + places.map(\.mu)
        let sigma = estimators.flatMap(\.trace.sigma) + places.map(\.sigma)
        let across = framing(mu, least: 0.2)
        var up = framing(sigma, least: 0.2)
        // σ = 0 is not in the plane.
        if up.lowerBound <= 0 { up = (sigma.min()! / 2)...up.upperBound }
        var marks = [ContourFigure.Mark(
            name: "start", point: .init(x: problem.start.mu, y: problem.start.sigma), shape: .ring)]
        if let best = optimum.parameters {
            marks.append(.init(name: "optimum", point: .init(x: best.mu, y: best.sigma), shape: .cross))
        }
        return ContourFigure(
            title: "Descent on J = E[\(shortened(problem.f.source))] + \(shortened(problem.r.source))",
            description: "Paths of stochastic gradient descent in the plane of mu and sigma, "
                + "\(problem.iterations) iterations with \(problem.batch) draws each.",
            xLabel: "μ", yLabel: "σ", xRange: across, yRange: up,
            field: Objective.surface(
                f: problem.f, r: problem.r, mu: ContourFigure.grid(across, ContourFigure.columns),
                sigma: ContourFigure.grid(up, ContourFigure.rows)),
            paths: estimators.map { result in
                .init(
                    name: result.estimator.title,
                    points: zip(result.trace.mu, result.trace.sigma).map { .init(x: $0, y: $1) })
            },
            marks: marks, contourName: "contours of J", isAscent: false, outline: nil
        ).svg()
    }
}

extension EstimatorKind {
    /// For people.
    var title: String {
        switch self {
        case .logDerivative: "log-derivative"
        case .reparameterization: "reparameterization"
        case .logDerivativeBaseline: "log-derivative, baseline"
        case .measureValued: "measure-valued"
        }
    }
}

/// As much of an expression as fits in a heading.
func shortened(_ source: String) -> String {
    source.count <= 32 ? source : source.prefix(31) + "…"
}

extension Objective {
    /// J on a grid, row by row (one for each σ), by the finer Gauss–Hermite rule alone: enough
    /// for a picture. NaN where it has no value.
    static func surface(f: Expression, r: Expression, mu: [Double], sigma: [Double]) -> [Double] {
        let rule = GaussHermiteRule.fine
        let ofF = Workspace(f.program([.value]), width: rule.nodes.count)
        let ofR = Workspace(r.program([.value]), width: 1)
        var values: [Double] = []
        values.reserveCapacity(mu.count * sigma.count)
        for s in sigma {
            for m in mu {
                for (i, node) in rule.nodes.enumerated() { ofF.input(0)[i] = m + s * node }
                ofF.evaluate(count: rule.nodes.count)
                ofR.input(0)[0] = m
                ofR.input(1)[0] = s
                ofR.evaluate(count: 1)
                let mean = zip(ofF.output(0), rule.weights).reduce(0.0) { $0 + $1.0 * $1.1 }
                values.append(mean + ofR.output(0)[0])
            }
        }
        return values
    }
}
