/// Labels of swift-metrics turned into names that Prometheus takes.
enum MetricName {
    /// The label as a metric's name, `[a-zA-Z_:][a-zA-Z0-9_:]*`, other characters replaced by an
    /// underscore, ending in the `suffix`.
    static func metric(_ label: String, suffix: String = "") -> String {
        let name = valid(label, colonAllowed: true)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// Dimensions as they are written in an exposition, without braces: `method="GET",route="/"`.
    /// They are sorted, so that one set is one series in whatever order it was written; of
    /// two values for one name the last holds. `le` belongs to histograms and becomes
    /// `exported_le`.
    static func labels(_ dimensions: [(String, String)]) -> String {
        if dimensions.isEmpty { return "" }
        var named = dimensions.map { key, value in
            let name = valid(key, colonAllowed: false)
            return (name: name == "le" ? "exported_le" : name, value: value)
        }
        // A stable sort: of equal names the last one given comes last.
        named.sort { $0.name < $1.name }
        var labels = ""
        for (i, (name, value)) in named.enumerated() {
            if i + 1 < named.count, named[i + 1].name == name { continue }
            if !labels.isEmpty { labels += "," }
            labels += name
            labels += "=\""
            labels += escaped(value)
            labels += "\""
        }
        return labels
    }

    private static func valid(_ label: String, colonAllowed: Bool) -> String {
        func isValid(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: ":"): colonAllowed
            default: false
            }
        }
        let startsWell = label.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
        if startsWell == true, label.utf8.allSatisfy(isValid) { return label }
        let underscore = UInt8(ascii: "_")
        let bytes = label.utf8.map { isValid($0) ? $0 : underscore }
        return String(decoding: (startsWell == true ? [] : [underscore]) + bytes, as: UTF8.self)
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else {
            return value
        }
        return value.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
