import Logging

/// One event on one line, whatever it contains: text from a client cannot begin a line of its own.
package struct LogLine {
    /// How a line is laid out.
    package enum Format: String {
        /// `2025-06-01T12:00:00.250Z info http: listening address=http://0.0.0.0:8080`
        case text
        /// `{"time":"2025-06-01T12:00:00.250Z","level":"info","logger":"http","message":"listening",…}`
        case json
    }

    let time: Timestamp
    let level: Logger.Level
    let logger: String
    let message: String
    /// In the order of the line.
    let fields: [(name: String, value: Logger.MetadataValue)]

    /// The line with its end.
    func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .text: text
        case .json: json
        }
    }

    /// More than most lines take: growing in steps copies.
    private static let usualLength = 400

    private var text: [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(Self.usualLength)
        line.append(contentsOf: "\(time) \(level) \(logger): ".utf8)
        line.append(escaped: message, quoting: false)
        for (name, value) in fields {
            line.append(UInt8(ascii: " "))
            line.append(escaped: name, quoting: false)
            line.append(UInt8(ascii: "="))
            let text = value.description
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
            line.append(escaped: text, quoting: !isPlain)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private var json: [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(Self.usualLength)
        line.append(contentsOf: "{\"time\":\"\(time)\",\"level\":\"\(level)\",\"logger\":".utf8)
        line.append(escaped: logger, quoting: true)
        line.append(contentsOf: ",\"message\":".utf8)
        line.append(escaped: message, quoting: true)
        for (name, value) in fields {
            line.append(UInt8(ascii: ","))
            line.append(escaped: name, quoting: true)
            line.append(UInt8(ascii: ":"))
            line.append(json: value)
        }
        line.append(contentsOf: "}\n".utf8)
        return line
    }
}

extension [UInt8] {
    /// A text by JSON's rules for strings, which suit a line of text too.
    fileprivate mutating func append(escaped text: String, quoting: Bool) {
        let isPlain = text.utf8.allSatisfy {
            (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        if isPlain {
            if quoting { append(UInt8(ascii: "\"")) }
            append(contentsOf: text.utf8)
            if quoting { append(UInt8(ascii: "\"")) }
            return
        }
        let digits = Array("0123456789abcdef".utf8)
        if quoting { append(UInt8(ascii: "\"")) }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            defer { previous = byte }
            switch byte {
            case UInt8(ascii: "\"") where quoting, UInt8(ascii: "\\") where quoting:
                append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): append(contentsOf: "\\n".utf8)
            case 0..<0x20, 0x7f:
                append(contentsOf: "\\u00".utf8)
                append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            // U+0080 to U+009F, which terminals obey as they do U+001B.
            case 0x80...0x9f where previous == 0xc2:
                removeLast()
                append(contentsOf: "\\u00".utf8)
                append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: append(byte)
            }
        }
        if quoting { append(UInt8(ascii: "\"")) }
    }

    fileprivate mutating func append(json value: Logger.MetadataValue) {
        switch value {
        case .string(let text): append(escaped: text, quoting: true)
        case .stringConvertible(let value): append(json: value)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: value)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let fields):
            append(UInt8(ascii: "{"))
            for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(escaped: field.key, quoting: true)
                append(UInt8(ascii: ":"))
                append(json: field.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Numbers stay numbers.
    private mutating func append(json value: any CustomStringConvertible) {
        switch value {
        case let value as any BinaryInteger: append(contentsOf: value.description.utf8)
        case let value as Double where value.isFinite: append(contentsOf: value.description.utf8)
        case let value as Bool: append(contentsOf: value.description.utf8)
        default: append(escaped: value.description, quoting: true)
        }
    }
}
