import RareEvents
import Statistics

/// A rare event of two variables: the density's contours, the limit state, the draws and the design points.
struct LimitStateFigure: Figure {
    private let request: ProbabilityRequest
    private let function: ExpressionLimitState
    private let report: LimitStateReport
    private let x, y: [Double]
    private let across, up: ClosedRange<Double>
    /// The density's logarithm and g on the grid, row by row, as far as they are known.
    private var density: [Double] = [], values: [Double] = []
    private var contours: ContourFigure?

    /// Draws that are shown, of those that the report keeps.
    private static let mostDraws = 1500

    /// - Precondition: there are two variables.
    init(of request: ProbabilityRequest, _ function: ExpressionLimitState, _ report: LimitStateReport) {
        self.request = request
        self.function = function
        self.report = report
        let ranges = (0...1).map { j in
            // Where the inputs are but for one in two thousand, and what the estimate rests on.
            let distribution = request.inputs.distributions[j]
            let usual = [distribution.quantile(2.5e-4), distribution.upperQuantile(2.5e-4)]
            let hits = report.sample.filter(\.isHit).prefix(Self.mostDraws).map { $0.x[j] }.sorted()
            let inner = hits.isEmpty ? [] : [hits[hits.count / 50], hits[hits.count - 1 - hits.count / 50]]
            return framing(
                (usual + inner + report.designPoints.map { $0.x[j] }).filter(\.isFinite), least: 1e-300, margin: 0.04)
        }
        (across, up) = (ranges[0], ranges[1])
        x = ContourFigure.grid(across, ContourFigure.columns)
        y = ContourFigure.grid(up, ContourFigure.rows)
    }

    mutating func advance() -> String? {
        if contours != nil { return contours?.advance() }
        addRow(y[values.count / x.count])
        if values.count == x.count * y.count { contours = makeContours() }
        return nil
    }

    private mutating func addRow(_ row: Double) {
        let evaluator = function.makeEvaluator(width: x.count, gradient: false)
        for (i, column) in x.enumerated() {
            evaluator.input(0)[i] = column
            evaluator.input(1)[i] = row
            density.append(request.logDensity(column, row))
        }
        values += UnsafeBufferPointer(start: evaluator.evaluate(count: x.count), count: x.count)
    }

    private func makeContours() -> ContourFigure {
        let marks = report.designPoints.prefix(4).enumerated().map { index, point in
            ContourFigure.Mark(
                name: index == 0 ? "design point" : "", point: .init(x: point.x[0], y: point.x[1]), shape: .cross)
        }
        let sign = request.event == .below ? "≤" : "≥"
        let shown = report.sample.prefix(Self.mostDraws)
        let probability = report.estimate.value.isFinite ? significant(report.estimate.value) : "unknown"
        return ContourFigure(
            title:
                "P(\(SVGText.shortened(request.g.source)) \(sign) \(JSONText.number(request.threshold))) ≈ \(probability)",
            description:
                "The limit state in the plane of \(request.variables.names[0]) and \(request.variables.names[1]), "
                + "with \(shown.count) draws of the method \(report.method.rawValue).",
            xLabel: request.variables.names[0], yLabel: request.variables.names[1],
            xRange: across, yRange: up, field: density, paths: [], marks: Array(marks),
            contourName: "log density", isAscent: true,
            outline: (values, request.threshold, "limit state"),
            dots: [
                .init(
                    name: "draws", points: shown.filter { !$0.isHit }.map { .init(x: $0.x[0], y: $0.x[1]) }, colour: 1),
                .init(
                    name: "draws in the event", points: shown.filter(\.isHit).map { .init(x: $0.x[0], y: $0.x[1]) },
                    colour: 0),
            ])
    }

    /// Three digits.
    private func significant(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        var exponent = 0
        while value * Axis.powerOfTen(-exponent) < 1 && exponent > -300 { exponent -= 1 }
        if exponent >= -3 { return decimal(value, 2 - exponent) }
        return "\(decimal(value * Axis.powerOfTen(-exponent), 2))·10^−\(-exponent)"
    }
}

extension ProbabilityRequest {
    /// The logarithm of the joint density of two variables, the copula's included; −∞ outside the support.
    fileprivate func logDensity(_ x: Double, _ y: Double) -> Double {
        let (first, second) = (inputs.distributions[0], inputs.distributions[1])
        let margins = first.logDensity(x) + second.logDensity(y)
        guard let rho = correlation?[0][1], rho != 0, margins.isFinite else { return margins }
        let standard = NormalDistribution(mean: 0, standardDeviation: 1)
        func normal(_ distribution: any ContinuousDistribution, _ value: Double) -> Double {
            let below = distribution.cumulativeProbability(value)
            return below < 0.5
                ? standard.quantile(below) : standard.upperQuantile(distribution.survivalProbability(value))
        }
        let a = normal(first, x), b = normal(second, y), left = 1 - rho * rho
        return margins - 0.5 * ElementaryFunction.log(left) - (rho * rho * (a * a + b * b) - 2 * rho * a * b)
            / (2 * left)
    }
}
