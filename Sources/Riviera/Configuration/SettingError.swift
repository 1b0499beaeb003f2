import API
import HTTP
import Streams

/// A configuration that cannot be used, in one line: the key, where it was set, what is allowed.
package struct SettingError: Error, CustomStringConvertible {
    package let description: String

    /// A value that is not allowed.
    ///
    /// - Parameter source: where it was set: `--port`, `RIVIERA_HTTP_PORT`, or a file's name
    init(_ setting: Setting, in source: String, found: String, hint: String = "") {
        description = Self.oneLine(
            "\(setting.key) (set by \(source)) is \(found); it must be \(setting.allowed)\(hint)")
    }

    /// A value without a character where one is needed. It does not count as left out: a variable that was meant to have
    /// the path of a file of tokens must not open the server.
    init(_ setting: Setting, isEmptyIn source: String) {
        self.init(
            setting, in: source, found: "empty",
            hint: "; for the default, leave \(source) out")
    }

    /// A name that does not exist.
    init(unknown name: String, in source: String, known: [String]) {
        let similar = known.filter { abs($0.utf8.count - name.utf8.count) <= 3 }
        let nearest = similar.map { (name: $0, distance: editDistance(name, $0)) }
            .min { $0.distance < $1.distance }
        let hint = nearest.flatMap { $0.distance <= 3 ? "; did you mean \($0.name)?" : nil }
        description = Self.oneLine(
            "unknown \(source) \(name.start)" + (hint ?? "; riviera serve --help lists all settings"))
    }

    /// A variable or flag, beside the settings, that has no character.
    init(empty source: String, for what: String) {
        description = Self.oneLine("\(source) is empty; it must be \(what), or left out")
    }

    /// Settings each of which is allowed, but not together.
    init(contradiction: String) {
        description = Self.oneLine(contradiction)
    }

    /// A file that cannot be read.
    init(_ error: FileError) {
        description = Self.oneLine(error.description)
    }

    /// A certificate or key that cannot be used.
    init(_ error: TLSError) {
        description = Self.oneLine(error.description)
    }

    /// Tokens that cannot be used.
    init(_ error: TokenList.Failure) {
        description = Self.oneLine(error.description)
    }

    /// A file that is not a configuration.
    init(file: String, problem: String) {
        description = Self.oneLine("\(file): \(problem)")
    }
}

extension String {
    /// Enough of it to recognize it by.
    var start: String {
        let scalars = unicodeScalars.prefix(60)
        return String(String.UnicodeScalarView(scalars)) + (scalars.count < unicodeScalars.count ? "…" : "")
    }
}

extension SettingError {
    /// The text with escapes for whatever would end the line or hide in it.
    private static func oneLine(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
    }
}

/// Insertions, deletions and substitutions between two names (V. Levenshtein, 1966), O(mn).
private func editDistance(_ a: String, _ b: String) -> Int {
    let b = Array(b.utf8)
    var row = Array(0...b.count)
    for (i, x) in a.utf8.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let substituted = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j + 1] + 1, row[j] + 1)
        }
    }
    return row[b.count]
}
