/// Prometheus' text format, version 0.0.4, written line by line.
struct Exposition {
    private(set) var bytes: [UInt8] = []

    /// The HELP and TYPE lines that start a family of series.
    mutating func begin(_ name: String, kind: MetricKind) {
        if let help = MetricHelp.texts[name] { line("# HELP \(name) \(help)") }
        line("# TYPE \(name) \(kind.rawValue)")
    }

    /// A sample. `labels` come escaped and without braces, as `MetricName.labels` gives them.
    mutating func sample(_ name: String, _ labels: String, _ value: Double) {
        line("\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))")
    }

    /// A number as Prometheus reads it: it reads back as the same double, whole ones without a
    /// fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
        return "\(value)"
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// The types of series that Riviera exposes, by Prometheus' names.
enum MetricKind: String {
    case counter, gauge, histogram
}
