/// Paths over the contours of a function of two variables, as SVG: axes with ticks and labels,
/// a legend, labelled contours, and colours for light and dark surroundings alike.
package struct ContourFigure: Sendable {
    struct Path: Sendable {
        let name: String
        let points: [MarchingSquares.Point]
    }

    enum Shape: Sendable { case ring, cross }

    struct Mark: Sendable {
        let name: String
        let point: MarchingSquares.Point
        let shape: Shape
    }

    /// Points of one kind.
    struct Dots: Sendable {
        let name: String
        let points: [MarchingSquares.Point]
        /// Of the colours of paths.
        let colour: Int
    }

    var title: String
    var description: String
    var xLabel, yLabel: String
    var xRange, yRange: ClosedRange<Double>
    /// On `columns` × `rows`, row by row.
    var field: [Double]
    var paths: [Path]
    var marks: [Mark]
    /// What the contours are of, for the legend.
    var contourName: String
    /// Contours crowd around the field's lowest point, or around its highest.
    var isAscent: Bool
    /// The outline of a set, drawn where this field (on the same grid) has the level.
    var outline: (field: [Double], level: Double, name: String)?
    var dots: [Dots]

    static let columns = 97, rows = 73

    static func grid(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
        // Halves, because the difference of two finite values may exceed what a double holds.
        let step = (range.upperBound / 2 - range.lowerBound / 2) / Double(count - 1) * 2
        return (0..<count).map { range.lowerBound + Double($0) * step }
    }

    // What is drawn so far.
    private var contours = "", levels = "", lines = ""
    private var contoursDrawn = 0, pathsDrawn = 0, pointsDrawn = 0
    private var pen: MarchingSquares.Point?

    init(
        title: String, description: String, xLabel: String, yLabel: String,
        xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, field: [Double], paths: [Path],
        marks: [Mark], contourName: String, isAscent: Bool,
        outline: (field: [Double], level: Double, name: String)? = nil, dots: [Dots] = []
    ) {
        (self.title, self.description) = (title, description)
        (self.xLabel, self.yLabel, self.xRange, self.yRange) = (xLabel, yLabel, xRange, yRange)
        (self.field, self.paths, self.marks, self.outline) = (field, paths, marks, outline)
        (self.contourName, self.isAscent, self.dots) = (contourName, isAscent, dots)
    }

    private var frame: PlotFrame {
        PlotFrame(xRange: xRange, yRange: yRange, xLabel: xLabel, yLabel: yLabel)
    }

    private func squares(_ values: [Double]) -> MarchingSquares {
        MarchingSquares(
            x: Self.grid(xRange, Self.columns), y: Self.grid(yRange, Self.rows), values: values)
    }

    private func document() -> String {
        let (left, right, top, bottom) = FigureStyle.plot
        let width = FigureStyle.width, height = FigureStyle.height
        let frame = frame
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="img" aria-labelledby="title desc">
            <title id="title">\(SVGText.escaped(title))</title>
            <desc id="desc">\(SVGText.escaped(description))</desc>
            <style>\(FigureStyle.css)\(dots.isEmpty ? "" : FigureStyle.dotsCSS)</style>
            <clipPath id="plot"><rect x="\(Int(left))" y="\(Int(top))" width="\(Int(right - left))" \
            height="\(Int(bottom - top))"/></clipPath>
            <rect class="page" width="\(width)" height="\(height)"/>
            <text class="heading" x="\(Int(left))" y="28">\(SVGText.escaped(title))</text>
            \(legend())
            <g clip-path="url(#plot)">
            \(frame.grid)\(contours)\(levels)\(dotElements())\(outlineElements())\(lines)</g>
            \(frame.axes)\(markElements())</svg>

            """
    }

    private func outlineElements() -> String {
        guard let outline else { return "" }
        let frame = frame
        return squares(outline.field).lines(at: outline.level).map {
            #"<path class="outline" d="\#(SVGText.path($0.map(frame.pixels)))"/>"# + "\n"
        }.joined()
    }
}

// MARK: Dots

extension ContourFigure {
    private func dotElements() -> String {
        let frame = frame
        return dots.filter { !$0.points.isEmpty }.map { dots in
            let d = dots.points.map { point in
                let at = frame.pixels(point)
                return "M\(SVGText.pixel(at.x)) \(SVGText.pixel(at.y))h0"
            }.joined()
            return #"<path class="dots c\#(dots.colour)" d="\#(d)"/>"# + "\n"
        }.joined()
    }
}

// MARK: Drawing in steps

extension ContourFigure: Figure {
    private static let contourCount = 10
    private static let pointsAtOnce = 4000

    package mutating func advance() -> String? {
        if contoursDrawn < Self.contourCount {
            contoursDrawn += 1
            drawContour(contoursDrawn)
            return nil
        }
        if pathsDrawn < paths.count {
            drawPath()
            return nil
        }
        return document()
    }

    /// Contour k of those between the field's lowest and highest value.
    private mutating func drawContour(_ k: Int) {
        let finite = field.filter { abs($0) < 1e300 }
        guard let low = finite.min(), let high = finite.max(), high > low else { return }
        let count = Double(Self.contourCount + 1)
        let decimals = Self.decimalsToTell(apart: (high - low) / (count * count) * 2)
        // Denser near the extremum, where a quadratic's contours are otherwise far apart;
        // rounded, so that the label tells the level itself.
        let share = Double(k) / count
        let depth = (high - low) * share * share
        let exact = isAscent ? high - depth : low + depth
        let scale = Axis.powerOfTen(decimals)
        let level = abs(exact) * scale < 1e15 ? (exact * scale).rounded() / scale : exact
        let frame = frame
        let lines = squares(field).lines(at: level).map { $0.map(frame.pixels) }
        for line in lines { contours += #"<path class="contour" d="\#(SVGText.path(line))"/>"# + "\n" }
        if k % 2 == 0, let longest = lines.max(by: { $0.count < $1.count }),
            let at = Self.labelPlace(on: longest, isEarly: k % 4 == 0)
        {
            levels +=
                #"<text class="level" x="\#(SVGText.pixel(at.x))" y="\#(SVGText.pixel(at.y + 3))">"#
                + decimal(level, decimals) + "</text>\n"
        }
    }

    private static func decimalsToTell(apart difference: Double) -> Int {
        (0...12).first { Axis.powerOfTen(-$0) <= difference } ?? 12
    }

    /// A point of a line a quarter of its way along, moved on to where a label has room.
    private static func labelPlace(
        on line: [MarchingSquares.Point], isEarly: Bool
    ) -> MarchingSquares.Point? {
        guard line.count > 24 else { return nil }
        let plot = FigureStyle.plot
        let first = line.count * (isEarly ? 1 : 3) / 4
        return (line[first...] + line[..<first]).first {
            $0.x > plot.left + 26 && $0.x < plot.right - 26 && $0.y > plot.top + 12 && $0.y < plot.bottom - 12
        }
    }

    /// Some more points of a path: those that move the pen by at least half a pixel, and the last.
    private mutating func drawPath() {
        let path = paths[pathsDrawn], frame = frame
        if pointsDrawn == 0 { lines += #"<path class="path c\#(pathsDrawn % 4)" d=""# }
        let end = min(path.points.count, pointsDrawn + Self.pointsAtOnce)
        for index in pointsDrawn..<end {
            let point = frame.pixels(path.points[index])
            if let pen {
                let (dx, dy) = (point.x - pen.x, point.y - pen.y)
                guard dx * dx + dy * dy >= 0.25 || index == path.points.count - 1 else { continue }
            }
            lines += (pen == nil ? "M" : "L") + "\(SVGText.pixel(point.x)) \(SVGText.pixel(point.y))"
            pen = point
        }
        pointsDrawn = end
        guard end == path.points.count else { return }
        lines += "\"/>\n"
        pathsDrawn += 1
        pointsDrawn = 0
        pen = nil
    }
}
