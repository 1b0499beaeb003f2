extension ContourFigure {
    /// A sample and a name for each path and mark, the contours and the outline.
    func legend() -> String {
        var entries: [(sample: String, name: String)] = paths.enumerated().map {
            (#"<path class="path c\#($0 % 4)" d="M0 0h22"/>"#, $1.name)
        }
        entries += dots.filter { !$0.points.isEmpty }.map {
            (#"<path class="dots c\#($0.colour)" d="M4 0h0M11 -3h0M17 1h0"/>"#, $0.name)
        }
        entries += marks.filter { !$0.name.isEmpty }.map { ($0.shape.svg(11, 0), $0.name) }
        entries.append((#"<path class="contour" d="M0 0h22"/>"#, contourName))
        if let outline { entries.append((#"<path class="outline" d="M0 0h22"/>"#, outline.name)) }
        var result = ""
        var at = FigureStyle.plot.left
        var line = 52.0
        for entry in entries {
            // An estimate of the text's width, generous enough for any common sans serif.
            let needed = 22 + 8 + 7.4 * Double(entry.name.count) + 22
            if at + needed > FigureStyle.plot.right + 22 {
                at = FigureStyle.plot.left
                line += 20
            }
            result +=
                #"<g transform="translate(\#(SVGText.pixel(at)) \#(SVGText.pixel(line - 4)))">"#
                + entry.sample + #"<text x="30" y="4.5">\#(SVGText.escaped(entry.name))</text></g>"# + "\n"
            at += needed
        }
        return result
    }

    func markElements() -> String {
        let frame = PlotFrame(xRange: xRange, yRange: yRange, xLabel: xLabel, yLabel: yLabel)
        return marks.map { mark in
            let at = frame.pixels(mark.point)
            return mark.shape.svg(at.x, at.y) + "\n"
        }.joined()
    }
}

extension ContourFigure.Shape {
    /// The shape around a point, in pixels.
    fileprivate func svg(_ x: Double, _ y: Double) -> String {
        let d =
            switch self {
            case .ring: "M\(SVGText.pixel(x - 6)) \(SVGText.pixel(y))a6 6 0 1 0 12 0a6 6 0 1 0-12 0"
            case .cross: "M\(SVGText.pixel(x - 6)) \(SVGText.pixel(y - 6))l12 12m0-12l-12 12"
            }
        return #"<path class="halo" d="\#(d)"/><path class="mark" d="\#(d)"/>"#
    }
}
