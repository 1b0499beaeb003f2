/// Prometheus' text format 0.0.4 read by the letter: what it does not allow is a complaint.
///
/// Beyond the grammar of a line it holds an exposition to what a scraper relies on: one block a
/// family with its TYPE before its samples, no series twice, everything sorted, histograms
/// cumulative and complete, counters finite, not negative and named `_total`.
struct ExpositionGrammar {
    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Complaint: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var samples: [Sample] = []
    private(set) var help: [String: String] = [:]
    private(set) var types: [String: String] = [:]
    /// Families in the order they came.
    private(set) var families: [String] = []

    init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Complaint(description: "not UTF-8")
        }
        if text.isEmpty { return }
        guard text.hasSuffix("\n") else { throw Complaint(description: "no final line end") }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            var scanner = Scanner(rest: line, line: String(line))
            if line.hasPrefix("#") { try comment(&scanner) } else { try sample(&scanner) }
        }
        for family in families { try check(family) }
        guard
            Set(samples.map { "\($0.name)\($0.labels.sorted { $0.key < $1.key })" }).count
                == samples.count
        else { throw Complaint(description: "a series twice") }
        guard families == families.sorted() else { throw Complaint(description: "unsorted") }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func comment(_ scanner: inout Scanner) throws {
        try scanner.expect("# ")
        let word = try scanner.take { $0.isLetter }
        try scanner.expect(" ")
        let name = try scanner.name(colon: true)
        try scanner.expect(" ")
        switch word {
        case "HELP":
            guard help[name] == nil, types[name] == nil else {
                throw scanner.complaint("late HELP")
            }
            help[name] = try scanner.text(escapes: ["\\": "\\", "n": "\n"], until: nil)
        case "TYPE":
            guard types[name] == nil else { throw scanner.complaint("second TYPE") }
            let type = try scanner.take { $0.isLetter }
            guard ["counter", "gauge", "histogram"].contains(type) else {
                throw scanner.complaint("unknown type")
            }
            types[name] = type
            families.append(name)
        default: throw scanner.complaint("neither HELP nor TYPE")
        }
        try scanner.end()
    }

    private mutating func sample(_ scanner: inout Scanner) throws {
        let name = try scanner.name(colon: true)
        var labels: [String: String] = [:]
        if scanner.rest.hasPrefix("{") {
            try scanner.expect("{")
            repeat {
                if !labels.isEmpty { try scanner.expect(",") }
                let label = try scanner.name(colon: false)
                guard labels[label] == nil else { throw scanner.complaint("label twice") }
                try scanner.expect("=\"")
                labels[label] = try scanner.text(
                    escapes: ["\\": "\\", "n": "\n", "\"": "\""], until: "\"")
                try scanner.expect("\"")
            } while !scanner.rest.hasPrefix("}")
            try scanner.expect("}")
        }
        try scanner.expect(" ")
        let number = try scanner.take { $0 != " " }
        guard
            let value = ["NaN": .nan, "+Inf": .infinity, "-Inf": -.infinity][number]
                ?? Double(number),
            number.first!.isNumber || number.first == "-" || ["NaN", "+Inf"].contains(number)
        else { throw scanner.complaint("no number") }
        try scanner.end()
        guard let family = families.last, let type = types[family],
            type == "histogram"
                ? ["_bucket", "_sum", "_count"].map({ family + $0 }).contains(name) : name == family
        else { throw scanner.complaint("a sample outside its family") }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private func check(_ family: String) throws {
        func require(_ condition: Bool, _ what: String) throws {
            if !condition { throw Complaint(description: "\(family): \(what)") }
        }
        let own = samples.filter {
            [family, family + "_bucket", family + "_sum", family + "_count"].contains($0.name)
        }
        try require(!own.isEmpty, "no samples")
        switch types[family] {
        case "counter":
            try require(family.hasSuffix("_total"), "a counter without _total")
            try require(own.allSatisfy { $0.value >= 0 && $0.value.isFinite }, "a bad counter")
        case "histogram":
            let groups = Dictionary(grouping: own) { $0.labels.filter { $0.key != "le" } }
            for (labels, series) in groups {
                let buckets = series.filter { $0.name == family + "_bucket" }
                let bounds = buckets.map {
                    $0.labels["le"] == "+Inf" ? .infinity : Double($0.labels["le"] ?? "") ?? .nan
                }
                try require(
                    zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds do not ascend")
                try require(bounds.last == .infinity, "no last bucket")
                let counts = buckets.map(\.value)
                try require(
                    zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 }, "not cumulative")
                try require(
                    value(family + "_count", labels) == counts.last, "count is not its last bucket")
                try require(value(family + "_sum", labels) != nil, "no sum")
                try require(series.count == buckets.count + 2, "something else")
            }
        default:
            try require(!own.contains { $0.labels["le"] != nil }, "le outside a histogram")
        }
    }

    private struct Scanner {
        var rest: Substring
        let line: String

        func complaint(_ what: String) -> Complaint { Complaint(description: "\(what): \(line)") }

        mutating func expect(_ literal: String) throws {
            guard rest.hasPrefix(literal) else {
                throw complaint("no “\(literal)” before “\(rest)”")
            }
            rest.removeFirst(literal.count)
        }

        mutating func end() throws {
            guard rest.isEmpty else { throw complaint("“\(rest)” left over") }
        }

        mutating func take(while condition: (Character) -> Bool) throws -> String {
            let taken = rest.prefix(while: condition)
            guard !taken.isEmpty else { throw complaint("nothing before “\(rest)”") }
            rest = rest[taken.endIndex...]
            return String(taken)
        }

        mutating func name(colon: Bool) throws -> String {
            let name = try take {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || colon && $0 == ":")
            }
            guard !name.first!.isNumber else { throw complaint("a name starts with a digit") }
            return name
        }

        /// Text with backslash escapes, up to a character that must be escaped within it.
        /// Scalar by scalar: an accent after a quotation mark does not hide it.
        mutating func text(
            escapes: [Unicode.Scalar: Unicode.Scalar], until end: Unicode.Scalar?
        ) throws -> String {
            var text = ""
            while let scalar = rest.unicodeScalars.first, scalar != end {
                rest.unicodeScalars.removeFirst()
                if scalar == "\\" {
                    guard let escaped = rest.unicodeScalars.popFirst(), let meant = escapes[escaped]
                    else { throw complaint("a bad escape") }
                    text.unicodeScalars.append(meant)
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
            return text
        }
    }
}
