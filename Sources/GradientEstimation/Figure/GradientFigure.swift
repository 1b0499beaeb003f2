import Expressions

/// The descents in the (μ, σ) plane over the contours of J, with the start and the optimum
/// marked: `advance` until `isFinished`, then take the SVG document. A pure function of the
/// problem and its report.
public final class GradientFigure {
    private let problem: GradientProblem
    private let report: GradientReport
    private let across, up: ClosedRange<Double>
    private let ofF, ofR: Workspace
    /// J on the grid, a row for each σ, as far as it is known.
    private var field: [Double] = []

    public init(of problem: GradientProblem, _ report: GradientReport) {
        self.problem = problem
        self.report = report
        let places = [problem.start, report.optimum.parameters].compactMap { $0 }
        let mu = report.estimators.flatMap(\.trace.mu) + places.map(\.mu)
        let sigma = report.estimators.flatMap(\.trace.sigma) + places.map(\.sigma)
        across = framing(mu, least: 0.2)
        let tall = framing(sigma, least: 0.2)
        // σ = 0 is not in the plane.
        up = tall.lowerBound > 0 ? tall : (sigma.min()! / 2)...tall.upperBound
        ofF = Workspace(problem.f.program([.value]), width: GaussHermiteRule.fine.nodes.count)
        ofR = Workspace(problem.r.program([.value]), width: 1)
    }

    public var isFinished: Bool { field.count == ContourFigure.columns * ContourFigure.rows }

    /// Finds J along one row of the grid, by the finer Gauss–Hermite rule alone: enough for a
    /// picture. NaN where it has no value.
    public func advance() {
        precondition(!isFinished, "a finished figure does not go on")
        let rule = GaussHermiteRule.fine
        let row = field.count / ContourFigure.columns
        let sigma = ContourFigure.grid(up, ContourFigure.rows)[row]
        for mu in ContourFigure.grid(across, ContourFigure.columns) {
            for (i, node) in rule.nodes.enumerated() { ofF.input(0)[i] = mu + sigma * node }
            ofF.evaluate(count: rule.nodes.count)
            ofR.input(0)[0] = mu
            ofR.input(1)[0] = sigma
            ofR.evaluate(count: 1)
            let mean = zip(ofF.output(0), rule.weights).reduce(0.0) { $0 + $1.0 * $1.1 }
            field.append(mean + ofR.output(0)[0])
        }
    }

    /// - Precondition: it is finished.
    public var svg: String {
        precondition(isFinished, "a figure shows the whole field")
        var marks = [ContourFigure.Mark(
            name: "start", point: .init(x: problem.start.mu, y: problem.start.sigma), shape: .ring)]
        if let best = report.optimum.parameters {
            marks.append(.init(name: "optimum", point: .init(x: best.mu, y: best.sigma), shape: .cross))
        }
        return ContourFigure(
            title: "Descent on J = E[\(shortened(problem.f.source))] + \(shortened(problem.r.source))",
            description: "Paths of stochastic gradient descent in the plane of mu and sigma, "
                + "\(problem.iterations) iterations with \(problem.batch) draws each.",
            xLabel: "μ", yLabel: "σ", xRange: across, yRange: up,
            field: field,
            paths: report.estimators.map { result in
                .init(
                    name: result.estimator.title,
                    points: zip(result.trace.mu, result.trace.sigma).map { .init(x: $0, y: $1) })
            },
            marks: marks, contourName: "contours of J", isAscent: false, outline: nil
        ).svg()
    }
}

extension GradientReport {
    /// The figure at once, for callers that can wait.
    public func figure(of problem: GradientProblem) -> String {
        let figure = GradientFigure(of: problem, self)
        while !figure.isFinished { figure.advance() }
        return figure.svg
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
