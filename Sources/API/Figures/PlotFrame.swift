/// The coordinates of a plot, with its axes, ticks and grid lines.
struct PlotFrame {
    let x, y: Axis

    init(xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, xLabel: String, yLabel: String) {
        let plot = FigureStyle.plot
        x = Axis(range: xRange, pixels: (plot.left, plot.right), label: xLabel)
        y = Axis(range: yRange, pixels: (plot.bottom, plot.top), label: yLabel)
    }

    func pixels(_ point: MarchingSquares.Point) -> MarchingSquares.Point {
        .init(x: x(point.x), y: y(point.y))
    }

    /// Faint lines at the ticks, for the background.
    var grid: String {
        let (left, right, top, bottom) = FigureStyle.plot
        let across = x.ticks().values.map { "M\(SVGText.pixel(x($0))) \(Int(top))V\(Int(bottom))" }
        let up = y.ticks().values.map { "M\(Int(left)) \(SVGText.pixel(y($0)))H\(Int(right))" }
        return #"<path class="grid" d="\#((across + up).joined())"/>"# + "\n"
    }

    var axes: String {
        let (left, right, top, bottom) = FigureStyle.plot
        var result = #"<rect class="frame" x="\#(Int(left))" y="\#(Int(top))" width="\#(Int(right - left))" height="\#(Int(bottom - top))"/>"# + "\n"
        let across = x.ticks()
        for value in across.values {
            let at = SVGText.pixel(x(value))
            result += #"<path class="frame" d="M\#(at) \#(Int(bottom))v5"/>"#
                + #"<text x="\#(at)" y="\#(Int(bottom) + 20)" text-anchor="middle">\#(across.text(value))</text>"# + "\n"
        }
        let up = y.ticks()
        for value in up.values {
            let at = SVGText.pixel(y(value))
            result += #"<path class="frame" d="M\#(Int(left)) \#(at)h-5"/>"#
                + #"<text x="\#(Int(left) - 9)" y="\#(at)" dy="4.5" text-anchor="end">\#(up.text(value))</text>"# + "\n"
        }
        let middle = Int((left + right) / 2), half = Int((top + bottom) / 2)
        let xLabel = SVGText.escaped(across.label(x.label)), yLabel = SVGText.escaped(up.label(y.label))
        return result + """
            <text x="\(middle)" y="\(Int(bottom) + 44)" text-anchor="middle">\(xLabel)</text>
            <text transform="translate(20 \(half)) rotate(-90)" text-anchor="middle">\(yLabel)</text>

            """
    }
}
