/// Why a file was refused, in one line: the file, the place in it, and what was expected there.
///
/// Text from the file itself (names, keys) is quoted, escaped and shortened, so that a hostile file
/// can neither break the line nor fill a log.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path, as it was given.
    public let file: String
    /// A part of the file (`archive/data.pkl, byte 120`, `tensor "scaling.scale"`), or empty for all of it.
    public let place: String
    /// What was found and what was expected.
    public let reason: String

    public init(file: String, place: String = "", reason: String) {
        self.file = file
        self.place = place
        self.reason = reason
    }

    public var description: String {
        let path = oneLine(file, limit: 4096)
        return place.isEmpty ? "\(path): \(reason)" : "\(path): \(place): \(reason)"
    }
}

/// `text` between quotation marks, on one line, in at most 80 characters.
package func quoted(_ text: String) -> String {
    "\"\(oneLine(text, limit: 80))\""
}

/// `text` with everything that could leave its line, or hide its neighbours, written as an escape.
private func oneLine(_ text: String, limit: Int) -> String {
    // Nearly all names; a file may have a million of them.
    if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
    var result = String.UnicodeScalarView(), count = 0
    for scalar in text.unicodeScalars {
        let shown: String.UnicodeScalarView
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            shown = "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
        default: shown = String(scalar).unicodeScalars
        }
        // Escapes count by their length: the line is what is bounded.
        count += shown.count
        if count > limit {
            result.append("…")
            break
        }
        result.append(contentsOf: shown)
    }
    return String(result)
}
