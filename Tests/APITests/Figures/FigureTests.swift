import API
import Expressions
import GradientEstimation
import Projections
import Testing

@Suite struct FigureTests {
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

    private func specification(
        f: String = "x*sin(x)", r: String = "(mu-1)^2/2 + sigma - log(sigma)",
        estimators: [EstimatorKind] = [.logDerivative, .reparameterization], iterations: Int,
        mu: Double = 0, sigma: Double = 1
    ) throws -> GradientSpecification {
        try GradientSpecification(
            f: Expression(f, variables: GradientSpecification.variableOfF),
            r: Expression(r, variables: GradientSpecification.variablesOfR), estimators: estimators,
            iterations: iterations, mu: mu, sigma: sigma, seed: 7)
    }

    private func report(_ specification: GradientSpecification) throws -> GradientReport {
        let run = GradientRun(specification)
        while !run.isFinished { try run.advance(iterations: specification.iterations) }
        return run.report
    }

    @Test func theDescentsFigureHasAPathAndALegendForEachEstimator() throws {
        let specification = try specification(estimators: EstimatorKind.allCases, iterations: 300)
        let report = try report(specification)
        let svg = GradientFigure(of: specification, report).svg()
        expectWellFormed(svg)
        for index in 0..<4 { #expect(svg.components(of: "path c\(index)") == 2) }
        for name in ["start", "optimum", "contours of J", "log-derivative", "μ", "σ"] {
            #expect(svg.contains(">\(name)</text>"))
        }
        #expect(svg.contains("prefers-color-scheme:dark"))
        #expect(svg == GradientFigure(of: specification, report).svg())
    }

    @Test func expressionsCannotBreakTheMarkup() throws {
        // Whitespace is all the freedom that an expression has; names are not.
        let specification = try specification(f: "x \n\t* sin(x)", iterations: 20)
        expectWellFormed(try GradientFigure(of: specification, report(specification)).svg())
    }

    @Test func aDescentWithoutAnOptimumStillHasAFigure() throws {
        let specification = try specification(f: "x", r: "0*mu", iterations: 50)
        let svg = try GradientFigure(of: specification, report(specification)).svg()
        expectWellFormed(svg)
        #expect(!svg.contains(">optimum</text>"))
    }

    /// A double has no digits left for what the picture would show between its neighbours.
    @Test(arguments: [1e16, -1e16, 1e100, 1e300, -1.7e308]) func farFromZeroFiguresAreStillDrawn(mu: Double) throws {
        let specification = try specification(f: "1", r: "0", iterations: 1, mu: mu)
        expectWellFormed(try GradientFigure(of: specification, report(specification)).svg())
        let ascent = try MaximizationSpecification(
            f: Expression("-x^2/1e300 - y", variables: ["x", "y"]), start: [mu, -mu], iterations: 3)
        let run = MaximizationRun(ascent)
        guard (try? run.advance(iterations: .max)) != nil else { return }
        expectWellFormed(try #require(MaximizationFigure(of: ascent, run.report)).svg())
    }

    @Test func theAscentsFigureShowsTheConstraints() throws {
        func figure(_ f: String, _ variables: [String], _ set: (any ConvexSet<Double>)?) throws -> String? {
            let specification = try MaximizationSpecification(
                f: Expression(f, variables: variables), constraints: set,
                start: variables.map { _ in 0.4 })
            let run = MaximizationRun(specification)
            try run.advance(iterations: .max)
            return MaximizationFigure(of: specification, run.report)?.svg()
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
