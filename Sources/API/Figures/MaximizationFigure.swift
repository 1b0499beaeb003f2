import Expressions
import GradientEstimation
import Projections

/// An ascent over the contours of f, with the outline of the constraints' set.
package struct MaximizationFigure: Figure {
    private let specification: MaximizationSpecification
    private let report: MaximizationReport
    private let program: Program
    private let x, y: [Double]
    private let across, up: ClosedRange<Double>
    /// f and the distance from the set on the grid, row by row, as far as they are known.
    private var field: [Double] = []
    private var distances: [Double] = []
    private var contours: ContourFigure?

    /// Nil unless f has two variables.
    package init?(of specification: MaximizationSpecification, _ report: MaximizationReport) {
        guard specification.f.variables.count == 2 else { return nil }
        self.specification = specification
        self.report = report
        program = specification.f.program([.value])
        across = framing(report.trace.map { $0.x[0] }, least: 0.2, margin: 0.35)
        up = framing(report.trace.map { $0.x[1] }, least: 0.2, margin: 0.35)
        x = ContourFigure.grid(across, ContourFigure.columns)
        y = ContourFigure.grid(up, ContourFigure.rows)
    }

    package mutating func advance() -> String? {
        if contours != nil { return contours?.advance() }
        addRow(y[field.count / x.count])
        if field.count == x.count * y.count { contours = makeContours() }
        return nil
    }

    private mutating func addRow(_ row: Double) {
        let workspace = Workspace(program, width: x.count)
        for (i, column) in x.enumerated() {
            workspace.input(0)[i] = column
            workspace.input(1)[i] = row
            if let set = specification.constraints {
                distances.append(euclideanDistance(set.projection(of: [column, row]), [column, row]))
            }
        }
        workspace.evaluate(count: x.count)
        field += workspace.output(0)
    }

    private func makeContours() -> ContourFigure {
        let points = report.trace.map { MarchingSquares.Point(x: $0.x[0], y: $0.x[1]) }
        var marks: [ContourFigure.Mark] = []
        if let start = points.first { marks.append(.init(name: "start", point: start, shape: .ring)) }
        if let end = points.last { marks.append(.init(name: "maximizer", point: end, shape: .cross)) }
        // Half a cell outside the set: a set without an inside is drawn too.
        let cell = max(x[1] - x[0], y[1] - y[0])
        return ContourFigure(
            title: "Ascent on \(SVGText.shortened(specification.f.source))",
            description: "The path of projected gradient ascent, \(report.iterations) iterations.",
            xLabel: specification.f.variables[0], yLabel: specification.f.variables[1],
            xRange: across, yRange: up, field: field,
            paths: [.init(name: "projected gradient", points: points)],
            marks: marks, contourName: "contours of f", isAscent: true,
            outline: distances.isEmpty ? nil : (distances, cell / 2, "constraints"))
    }
}
