import GradientEstimation

/// The descents in the (μ, σ) plane over the contours of J, with the start and the optimum
/// marked. A pure function of the specification and its report.
package struct GradientFigure: Figure {
    private let specification: GradientSpecification
    private let report: GradientReport
    private let across, up: ClosedRange<Double>
    private let surface: ObjectiveSurface
    /// J on the grid, a row for each σ, as far as it is known.
    private var field: [Double] = []
    private var contours: ContourFigure?

    package init(of specification: GradientSpecification, _ report: GradientReport) {
        self.specification = specification
        self.report = report
        let places = [specification.start, report.optimum.parameters].compactMap { $0 }
        let mu = report.estimators.flatMap(\.trace.mu) + places.map(\.mu)
        let sigma = report.estimators.flatMap(\.trace.sigma) + places.map(\.sigma)
        across = framing(mu, least: 0.2)
        let tall = framing(sigma, least: 0.2)
        // σ = 0 is not in the plane.
        up = tall.lowerBound > 0 ? tall : (sigma.min() ?? 0) / 2...tall.upperBound
        surface = ObjectiveSurface(of: specification)
    }

    /// First J along one row of the grid after the other, then the contours and the paths.
    package mutating func advance() -> String? {
        if contours != nil { return contours?.advance() }
        let row = field.count / ContourFigure.columns
        field += surface.values(
            mu: ContourFigure.grid(across, ContourFigure.columns),
            sigma: ContourFigure.grid(up, ContourFigure.rows)[row])
        if row == ContourFigure.rows - 1 { contours = makeContours() }
        return nil
    }

    private func makeContours() -> ContourFigure {
        var marks = [ContourFigure.Mark(
            name: "start", point: .init(x: specification.start.mu, y: specification.start.sigma),
            shape: .ring)]
        if let best = report.optimum.parameters {
            marks.append(.init(name: "optimum", point: .init(x: best.mu, y: best.sigma), shape: .cross))
        }
        return ContourFigure(
            title: "Descent on J = E[\(SVGText.shortened(specification.f.source))] + "
                + SVGText.shortened(specification.r.source),
            description: "Paths of stochastic gradient descent in the plane of mu and sigma, "
                + "\(specification.iterations) iterations with \(specification.batch) draws each.",
            xLabel: "μ", yLabel: "σ", xRange: across, yRange: up,
            field: field,
            paths: report.estimators.map { result in
                .init(
                    name: result.estimator.title,
                    points: zip(result.trace.mu, result.trace.sigma).map { .init(x: $0, y: $1) })
            },
            marks: marks, contourName: "contours of J", isAscent: false)
    }
}

extension EstimatorKind {
    /// For people.
    fileprivate var title: String {
        switch self {
        case .logDerivative: "log-derivative"
        case .reparameterization: "reparameterization"
        case .logDerivativeBaseline: "log-derivative, baseline"
        case .measureValued: "measure-valued"
        }
    }
}
