/// Paths over the contours of a function of two variables, as SVG: axes with ticks and labels,
/// a legend, labelled contours, and colours for light and dark surroundings alike.
struct ContourFigure {
    struct Path {
        let name: String
        let points: [MarchingSquares.Point]
    }

    enum Shape { case ring, cross }

    struct Mark {
        let name: String
        let point: MarchingSquares.Point
        let shape: Shape
    }

    var title: String
    var description: String
    var xLabel, yLabel: String
    var xRange, yRange: ClosedRange<Double>
    /// On `gridX` × `gridY`, row by row.
    var field: [Double]
    var paths: [Path]
    var marks: [Mark]
    /// What the contours are of, for the legend.
    var contourName: String
    /// Contours crowd around the field's lowest point, or around its highest.
    var isAscent: Bool
    /// The outline of a set, drawn where this field (on the same grid) has the level.
    var outline: (field: [Double], level: Double, name: String)?

    static let columns = 97, rows = 73
    static let width = 760.0, height = 580.0
    private static let plot = (left: 70.0, right: 740.0, top: 84.0, bottom: 520.0)

    static func grid(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
        let step = (range.upperBound - range.lowerBound) / Double(count - 1)
        return (0..<count).map { range.lowerBound + Double($0) * step }
    }

    private var x: Axis {
        Axis(range: xRange, pixels: (Self.plot.left, Self.plot.right), label: xLabel)
    }

    private var y: Axis {
        Axis(range: yRange, pixels: (Self.plot.bottom, Self.plot.top), label: yLabel)
    }

    private func squares(_ values: [Double]) -> MarchingSquares {
        MarchingSquares(
            x: Self.grid(xRange, Self.columns), y: Self.grid(yRange, Self.rows), values: values)
    }

    func svg() -> String {
        let (left, right, top, bottom) = Self.plot
        let size = "\(Int(Self.width))", tall = "\(Int(Self.height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size) \(tall)" width="\(size)" \
            height="\(tall)" role="img" aria-labelledby="title desc">
            <title id="title">\(escaped(title))</title>
            <desc id="desc">\(escaped(description))</desc>
            <style>\(Self.style)</style>
            <clipPath id="plot"><rect x="\(Int(left))" y="\(Int(top))" width="\(Int(right - left))" \
            height="\(Int(bottom - top))"/></clipPath>
            <rect class="page" width="\(size)" height="\(tall)"/>
            <text class="heading" x="\(Int(left))" y="28">\(escaped(title))</text>
            \(legend())
            <g clip-path="url(#plot)">
            \(gridElements())\(contours())\(outlineElements())\(pathElements())</g>
            \(axes())\(markElements())</svg>

            """
    }

    /// Light by default, so that viewers without media queries still show a legible figure.
    private static let style = """
        text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1d2733}\
        .heading{font-size:16px;font-weight:600}.small{font-size:11px;fill:#4d5a68}\
        .level{font-size:10px;fill:#5b6876;stroke:#fff;stroke-width:3px;paint-order:stroke;text-anchor:middle}\
        .page{fill:#fff}.frame{fill:none;stroke:#5b6876}.grid{stroke:#5b6876;stroke-opacity:.12}\
        .contour{fill:none;stroke:#8896a5;stroke-width:1;stroke-opacity:.8}\
        .outline{fill:none;stroke:#1d2733;stroke-width:1.5;stroke-dasharray:6 4}\
        .path{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-opacity:.85}\
        .c0{stroke:#c2500a}.c1{stroke:#1c62c4}.c2{stroke:#0b7f58}.c3{stroke:#9a2f88}\
        .mark{fill:none;stroke:#1d2733;stroke-width:2.2}.halo{fill:none;stroke:#fff;stroke-width:5}\
        @media(prefers-color-scheme:dark){text{fill:#e6ebf1}.small{fill:#aab6c3}\
        .level{fill:#aab6c3;stroke:#12171d}.page{fill:#12171d}.frame{stroke:#8896a5}\
        .grid{stroke:#aab6c3}.contour{stroke:#66758a}.outline{stroke:#e6ebf1}\
        .c0{stroke:#ff9a4d}.c1{stroke:#6aa9ff}.c2{stroke:#45cf9b}.c3{stroke:#ea8fdb}\
        .mark{stroke:#fff}.halo{stroke:#12171d}}
        """

    // MARK: Parts

    private func legend() -> String {
        var entries: [(sample: String, name: String)] = paths.enumerated().map {
            (#"<path class="path c\#($0 % 4)" d="M0 0h22"/>"#, $1.name)
        }
        entries += marks.map { (markShape($0.shape, 11, 0), $0.name) }
        entries.append((#"<path class="contour" d="M0 0h22"/>"#, contourName))
        if let outline { entries.append((#"<path class="outline" d="M0 0h22"/>"#, outline.name)) }
        var result = ""
        var at = Self.plot.left
        var line = 52.0
        for entry in entries {
            // An estimate of the text's width, generous enough for any common sans serif.
            let needed = 22 + 8 + 7.4 * Double(entry.name.count) + 22
            if at + needed > Self.plot.right + 22 {
                at = Self.plot.left
                line += 20
            }
            result += #"<g transform="translate(\#(pixel(at)) \#(pixel(line - 4)))">"#
                + entry.sample + #"<text x="30" y="4.5">\#(escaped(entry.name))</text></g>"# + "\n"
            at += needed
        }
        return result
    }

    private func contours() -> String {
        let finite = field.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), high > low else { return "" }
        let count = 11
        let decimals = decimalsToTell(apart: (high - low) / Double(count * count) * 2)
        var result = ""
        var labels = ""
        let squares = squares(field)
        for k in 1..<count {
            // Denser near the extremum, where a quadratic's contours are otherwise far apart;
            // rounded, so that the label tells the level itself.
            let share = Double(k) / Double(count)
            let scale = Axis.powerOfTen(decimals)
            let depth = (high - low) * share * share
            let level = ((isAscent ? high - depth : low + depth) * scale).rounded() / scale
            let lines = squares.lines(at: level)
            for line in lines {
                result += #"<path class="contour" d="\#(data(line.map(pixels)))"/>"# + "\n"
            }
            if k % 2 == 0, let longest = lines.max(by: { $0.count < $1.count }),
               let at = labelPlace(on: longest.map(pixels), isEarly: k % 4 == 0) {
                labels += #"<text class="level" x="\#(pixel(at.x))" y="\#(pixel(at.y + 3))">"#
                    + decimal(level, decimals) + "</text>\n"
            }
        }
        return result + labels
    }

    /// A point of a line a quarter of its way along, moved on to where a label has room.
    private func labelPlace(
        on line: [MarchingSquares.Point], isEarly: Bool
    ) -> MarchingSquares.Point? {
        guard line.count > 24 else { return nil }
        let first = line.count * (isEarly ? 1 : 3) / 4
        return (line[first...] + line[..<first]).first {
            $0.x > Self.plot.left + 26 && $0.x < Self.plot.right - 26
                && $0.y > Self.plot.top + 12 && $0.y < Self.plot.bottom - 12
        }
    }

    private func decimalsToTell(apart difference: Double) -> Int {
        (0...12).first { Axis.powerOfTen(-$0) <= difference } ?? 12
    }

    private func outlineElements() -> String {
        guard let outline else { return "" }
        return squares(outline.field).lines(at: outline.level).map {
            #"<path class="outline" d="\#(data($0.map(pixels)))"/>"# + "\n"
        }.joined()
    }

    private func pathElements() -> String {
        paths.enumerated().map { index, path in
            #"<path class="path c\#(index % 4)" d="\#(data(thinned(path.points.map(pixels))))"/>"# + "\n"
        }.joined()
    }

    private func markElements() -> String {
        marks.map { mark in
            let at = pixels(mark.point)
            return markShape(mark.shape, at.x, at.y) + "\n"
        }.joined()
    }

    private func markShape(_ shape: Shape, _ x: Double, _ y: Double) -> String {
        let d = switch shape {
        case .ring: "M\(pixel(x - 6)) \(pixel(y))a6 6 0 1 0 12 0a6 6 0 1 0-12 0"
        case .cross: "M\(pixel(x - 6)) \(pixel(y - 6))l12 12m0-12l-12 12"
        }
        return #"<path class="halo" d="\#(d)"/><path class="mark" d="\#(d)"/>"#
    }

    private func gridElements() -> String {
        let (left, right, top, bottom) = Self.plot
        let across = x.ticks().values.map { "M\(pixel(x($0))) \(Int(top))V\(Int(bottom))" }
        let up = y.ticks().values.map { "M\(Int(left)) \(pixel(y($0)))H\(Int(right))" }
        return #"<path class="grid" d="\#((across + up).joined())"/>"# + "\n"
    }

    private func axes() -> String {
        let (left, right, top, bottom) = Self.plot
        var result = #"<rect class="frame" x="\#(Int(left))" y="\#(Int(top))" width="\#(Int(right - left))" height="\#(Int(bottom - top))"/>"# + "\n"
        let across = x.ticks()
        for value in across.values {
            let at = pixel(x(value))
            result += #"<path class="frame" d="M\#(at) \#(Int(bottom))v5"/>"#
                + #"<text x="\#(at)" y="\#(Int(bottom) + 20)" text-anchor="middle">\#(decimal(value, across.decimals))</text>"# + "\n"
        }
        let up = y.ticks()
        for value in up.values {
            let at = pixel(y(value))
            result += #"<path class="frame" d="M\#(Int(left)) \#(at)h-5"/>"#
                + #"<text x="\#(Int(left) - 9)" y="\#(at)" dy="4.5" text-anchor="end">\#(decimal(value, up.decimals))</text>"# + "\n"
        }
        let middle = (left + right) / 2, half = (top + bottom) / 2
        return result + """
            <text x="\(Int(middle))" y="\(Int(bottom) + 44)" text-anchor="middle">\(escaped(x.label))</text>
            <text transform="translate(20 \(Int(half))) rotate(-90)" text-anchor="middle">\(escaped(y.label))</text>

            """
    }

    // MARK: Geometry

    private func pixels(_ point: MarchingSquares.Point) -> MarchingSquares.Point {
        .init(x: x(point.x), y: y(point.y))
    }

    /// The points that move the pen by at least half a pixel, and the last.
    private func thinned(_ points: [MarchingSquares.Point]) -> [MarchingSquares.Point] {
        var kept: [MarchingSquares.Point] = []
        for (index, point) in points.enumerated() {
            guard let last = kept.last else {
                kept.append(point)
                continue
            }
            let (dx, dy) = (point.x - last.x, point.y - last.y)
            if dx * dx + dy * dy >= 0.25 || index == points.count - 1 { kept.append(point) }
        }
        return kept
    }

    private func data(_ points: [MarchingSquares.Point]) -> String {
        "M" + points.map { "\(pixel($0.x)) \(pixel($0.y))" }.joined(separator: "L")
    }
}

/// A coordinate to a tenth of a pixel.
private func pixel(_ value: Double) -> String {
    let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    return tenths % 10 == 0
        ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

/// Text for an XML element.
private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}

/// The smallest range that holds the values, with a margin; never narrower than `least`.
func framing(_ values: [Double], least: Double, margin: Double = 0.15) -> ClosedRange<Double> {
    let low = values.min() ?? 0, high = values.max() ?? 0
    let span = max(high - low, least)
    let middle = (low + high) / 2
    return middle - span * (0.5 + margin)...middle + span * (0.5 + margin)
}
