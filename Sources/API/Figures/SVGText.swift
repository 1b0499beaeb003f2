/// Pieces of an SVG document.
enum SVGText {
    /// A coordinate to a tenth of a pixel.
    static func pixel(_ value: Double) -> String {
        // What lies far outside the picture is cut off there; NaN has no place at all.
        let bounded = value.isNaN ? 0 : min(max(value, -1e6), 1e6)
        let tenths = Int((bounded * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return tenths % 10 == 0
            ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// The data of a path through these points, in pixels.
    static func path(_ points: some Collection<MarchingSquares.Point>) -> String {
        "M" + points.map { "\(pixel($0.x)) \(pixel($0.y))" }.joined(separator: "L")
    }

    /// Text for an XML element or a quoted attribute.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// As much of an expression as fits in a heading.
    static func shortened(_ source: String) -> String {
        source.count <= 32 ? source : source.prefix(31) + "…"
    }
}
