import Expressions
import GradientEstimation
import Projections
import Testing

@Suite struct FigureTests {
    private let grid = (0..<81).map { -2 + Double($0) * 0.05 }

    private func field(_ f: (Double, Double) -> Double) -> MarchingSquares {
        MarchingSquares(x: grid, y: grid, values: grid.flatMap { y in grid.map { x in f(x, y) } })
    }

    @Test(arguments: [0.5, 1, 1.5]) func aCirclesContourIsOneClosedCircle(radius: Double) throws {
        let lines = field { $0 * $0 + $1 * $1 }.lines(at: radius * radius)
        #expect(lines.count == 1)
        let circle = try #require(lines.first)
        #expect(circle.first == circle.last)
        for point in circle {
            let distance = (point.x * point.x + point.y * point.y).squareRoot()
            #expect(abs(distance - radius) <= 0.05 * 0.05 / radius)
        }
        // Every piece is a cell's at most, so none is missing.
        for (a, b) in zip(circle, circle.dropFirst()) {
            #expect(abs(a.x - b.x) <= 0.0501 && abs(a.y - b.y) <= 0.0501)
        }
    }

    @Test func linesThatLeaveTheGridEndOnItsBorder() {
        let lines = field { x, y in x * y }.lines(at: 0.3)
        #expect(lines.count == 2)
        for line in lines {
            for end in [line.first!, line.last!] {
                #expect(max(abs(end.x), abs(end.y)) >= 1.9999)
            }
        }
    }

    @Test func cellsWithoutAValueAreLeftOut() {
        let lines = field { x, y in x < 0.52 ? .nan : x * x + y * y }.lines(at: 1)
        #expect(!lines.isEmpty)
        #expect(lines.joined().allSatisfy { $0.x >= 0.52 })
    }

    @Test(arguments: [(0.0, 1.0), (-0.07, 0.53), (0.53, 1.06), (-3, 1200), (1e-7, 3e-7), (5, 5.004)])
    func ticksAreRoundEvenAndFew(low: Double, high: Double) throws {
        let axis = Axis(range: low...high, pixels: (0, 100), label: "")
        let (ticks, decimals) = axis.ticks()
        #expect((3...8).contains(ticks.count), "\(ticks)")
        let labels = ticks.map { decimal($0, decimals) }
        #expect(Set(labels).count == labels.count, "\(labels)")
        for (tick, label) in zip(ticks, labels) {
            #expect(axis.range.contains(tick))
            let read = try #require(Double(label.replacing("−", with: "-")))
            #expect(abs(read - tick) <= 1e-9 * (high - low))
        }
    }

    @Test(arguments: [
        (0.0, 0, "0"), (-0.0, 1, "0.0"), (1.5, 1, "1.5"), (-1.25, 2, "−1.25"), (0.05, 2, "0.05"),
        (999.6, 0, "1000"), (-0.001, 2, "0.00"), (12, 3, "12.000"),
    ]) func decimalsAreWrittenAsAPersonWould(value: Double, decimals: Int, text: String) {
        #expect(decimal(value, decimals) == text)
    }

    /// Tags open and close in order, attributes are quoted, no number is missing.
    private func expectWellFormed(_ svg: String) {
        var open: [Substring] = []
        for piece in svg.split(separator: "<").dropFirst(svg.hasPrefix("<") ? 0 : 1) {
            let tag = piece.prefix { $0 != ">" }
            #expect(piece.contains(">"))
            #expect(tag.count { $0 == "\"" } % 2 == 0)
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        #expect(open.isEmpty)
        for bad in ["nan", "inf", "Optional"] { #expect(!svg.contains(bad)) }
    }

    @Test func theDescentsFigureHasAPathAndALegendForEachEstimator() throws {
        let problem = try problem(estimators: EstimatorKind.allCases, iterations: 300)
        let report = try report(problem)
        let svg = report.figure(of: problem)
        expectWellFormed(svg)
        for index in 0..<4 { #expect(svg.components(of: "path c\(index)") == 2) }
        for name in ["start", "optimum", "contours of J", "log-derivative", "μ", "σ"] {
            #expect(svg.contains(">\(name)</text>"))
        }
        #expect(svg.contains("prefers-color-scheme:dark"))
        #expect(svg == report.figure(of: problem))
    }

    @Test func expressionsCannotBreakTheMarkup() throws {
        // Whitespace is all the freedom that an expression has; names are not.
        let problem = try problem(f: "x \n\t* sin(x)", iterations: 20)
        expectWellFormed(try report(problem).figure(of: problem))
    }

    @Test func aProblemWithoutAnOptimumStillHasAFigure() throws {
        let problem = try problem(f: "x", r: "0*mu", iterations: 50)
        let svg = try report(problem).figure(of: problem)
        expectWellFormed(svg)
        #expect(!svg.contains(">optimum</text>"))
    }

    @Test func theAscentsFigureShowsTheConstraints() throws {
        func figure(_ f: String, _ variables: [String], _ set: (any ConvexSet<Double>)?) throws -> String? {
            let problem = try MaximizationProblem(
                f: Expression(f, variables: variables), constraints: set,
                start: variables.map { _ in 0.4 })
            let run = MaximizationRun(problem)
            try run.advance(iterations: .max)
            return run.report.figure(of: problem)
        }
        let ball = try #require(try figure("x + y - x*y", ["x", "y"], Ball(center: [0, 0], radius: 1)))
        expectWellFormed(ball)
        #expect(ball.components(of: "class=\"outline\"") >= 2)
        let free = try #require(try figure("-x^2 - log(y^2 + 1)", ["x", "y"], nil))
        expectWellFormed(free)
        #expect(free.components(of: "class=\"outline\"") == 0)
        #expect(try figure("-x^2", ["x"], nil) == nil)
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
