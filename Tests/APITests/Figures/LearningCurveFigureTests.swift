import API
import Testing

@Suite struct LearningCurveFigureTests {
    private func svg(_ curves: [LearningCurveFigure.Curve]) -> String {
        LearningCurveFigure(title: "a < b", curves: curves).svg()
    }

    private func paths(_ svg: String) -> Int { svg.ranges(of: "<path class=\"path").count }

    private func isWhole(_ svg: String) -> Bool {
        svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n") && !svg.contains("nan") && !svg.contains("inf")
    }

    @Test(arguments: [0, 1, 2, 3, 100]) func aCurveIsALineAndAnEntry(epochs: Int) {
        let values = (0..<epochs).map { 1000 - 500 / Double($0 + 1) }
        let svg = svg([
            .init(name: "training", values: values), .init(name: "validation", values: values.map { $0 - 10 }),
        ])
        #expect(isWhole(svg))
        #expect(paths(svg) == (epochs == 0 ? 2 : 4))
        #expect(svg.contains("a &lt; b"))
    }

    @Test func numbersThatAreNoneDoNotBreakIt() {
        let svg = svg([.init(name: "training", values: [.nan, nil, -.infinity, 1e300, 3])])
        #expect(isWhole(svg))
    }
}
