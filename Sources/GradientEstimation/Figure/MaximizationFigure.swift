import Expressions
import Projections

extension MaximizationReport {
    /// The ascent over the contours of f, with the outline of the constraints' set, as an SVG
    /// document; nil unless f has two variables.
    public func figure(of problem: MaximizationProblem) -> String? {
        guard problem.f.variables.count == 2 else { return nil }
        let points = trace.map(\.x)
        let across = framing(points.map { $0[0] }, least: 0.2, margin: 0.35)
        let up = framing(points.map { $0[1] }, least: 0.2, margin: 0.35)
        let x = ContourFigure.grid(across, ContourFigure.columns)
        let y = ContourFigure.grid(up, ContourFigure.rows)
        let ofF = Workspace(problem.f.program([.value]), width: x.count)
        var field: [Double] = []
        var distances: [Double] = []
        for row in y {
            for (i, column) in x.enumerated() {
                ofF.input(0)[i] = column
                ofF.input(1)[i] = row
                if let set = problem.constraints {
                    distances.append(euclideanDistance(set.projection(of: [column, row]), [column, row]))
                }
            }
            ofF.evaluate(count: x.count)
            field += ofF.output(0)
        }
        // Half a cell outside the set: a set without an inside is drawn too.
        let cell = max(x[1] - x[0], y[1] - y[0])
        return ContourFigure(
            title: "Ascent on \(shortened(problem.f.source))",
            description: "The path of projected gradient ascent, \(iterations) iterations.",
            xLabel: problem.f.variables[0], yLabel: problem.f.variables[1],
            xRange: across, yRange: up, field: field,
            paths: [.init(name: "projected gradient", points: points.map { .init(x: $0[0], y: $0[1]) })],
            marks: [
                .init(name: "start", point: .init(x: points[0][0], y: points[0][1]), shape: .ring),
                .init(name: "maximizer", point: .init(x: maximizer[0], y: maximizer[1]), shape: .cross),
            ],
            contourName: "contours of f", isAscent: true,
            outline: distances.isEmpty ? nil : (distances, cell / 2, "constraints")
        ).svg()
    }
}
