import HTTPTypes

/// The field lines of one head, as they came: one array of bytes and where each line lies in it.
///
/// Most requests are answered without looking at most of their fields, so `HTTPFields`, with its two
/// strings for each field, is built only on request.
struct FieldLines: Sendable {
    private struct Line: Sendable {
        let start: Int
        let nameEnd: Int
        let end: Int
    }

    private var bytes: [UInt8] = []
    private var lines: [Line] = []

    var count: Int { lines.count }

    /// Appends one line, without its line end, after checking it (RFC 9112 section 5).
    ///
    /// The caller has made sure that there is no control character but a tab in it.
    mutating func append(line: ArraySlice<UInt8>) throws(ProtocolError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw .malformed("A header line has no colon.")
        }
        let name = line[..<colon]
        guard name.isNonEmpty(of: .token) else {
            throw .malformed(
                "The name of a header field is empty or contains a space or another character that is not allowed.")
        }
        let value = line[(colon + 1)...].trimmingWhitespace()
        if lines.isEmpty {
            bytes.reserveCapacity(256)
            lines.reserveCapacity(8)
        }
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
        lines.append(Line(start: start, nameEnd: start + name.count, end: bytes.count))
    }

    /// The values of the lines with this name (in lower case), in order.
    func values(of name: StaticString) -> [ArraySlice<UInt8>] {
        lines.compactMap { line in
            bytes[line.start..<line.nameEnd].equalsIgnoringCase(name) ? bytes[line.nameEnd..<line.end] : nil
        }
    }

    /// The values of all lines with this name, joined by commas, nil where there is none.
    func joined(_ name: HTTPField.Name) -> String? {
        let expected = name.canonicalName.utf8
        var result: String?
        for line in lines where line.nameEnd - line.start == expected.count {
            guard bytes[line.start..<line.nameEnd].elementsEqual(expected, by: { lowercase($0) == $1 }) else {
                continue
            }
            let value = String(decoding: bytes[line.nameEnd..<line.end], as: UTF8.self)
            result = result.map { "\($0), \(value)" } ?? value
        }
        return result
    }

    var fields: HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(lines.count)
        for line in lines {
            // The name was checked on its way in: a token is always a name.
            guard let name = HTTPField.Name(String(decoding: bytes[line.start..<line.nameEnd], as: UTF8.self)) else {
                continue
            }
            fields.append(HTTPField(name: name, value: bytes[line.nameEnd..<line.end]))
        }
        return fields
    }
}

extension ArraySlice<UInt8> {
    /// Without the spaces and tabs (`OWS`) at either end.
    func trimmingWhitespace() -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
