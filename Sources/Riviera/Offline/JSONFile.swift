import API
import Glibc
import Streams

/// JSON values in a file, one or several one after another.
package struct JSONFile {
    /// `-` is standard input.
    let path: String

    package init(path: String) { self.path = path }

    private var name: String { path == "-" ? "standard input" : path }

    /// The values; the elements of an array in its place.
    ///
    /// - Throws: `FileError` for a file that cannot be read or is not JSON.
    package func values() throws(FileError) -> [JSON] {
        try Self.values(in: bytes(), name: name)
    }

    package static func values(in bytes: [UInt8], name: String) throws(FileError) -> [JSON] {
        var values: [JSON] = []
        for part in parts(of: bytes) {
            do {
                let value = try JSONReader.read(bytes[part])
                values += value.elements ?? [value]
            } catch {
                let lines = bytes[..<part.lowerBound].count { $0 == UInt8(ascii: "\n") }
                throw FileError("\(name):\(lines + error.line)", error.reason)
            }
        }
        guard !values.isEmpty else { throw FileError(name, "holds no JSON") }
        return values
    }

    private func bytes() throws(FileError) -> [UInt8] {
        if path == "-" { return try readAll(from: STDIN_FILENO, name: name, atMost: longestInput) }
        return try readFile(path, atMost: longestInput)
    }

    /// Where the text may be cut: after each bracket that closes the outermost one. What is left at
    /// the end is a part too, for the reader to judge.
    private static func parts(of bytes: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = [], start = 0, depth = 0, isText = false, isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 {
                    parts.append(start..<index + 1)
                    start = index + 1
                    depth = 0
                }
            default: break
            }
        }
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        if !bytes[start...].allSatisfy(isSpace) { parts.append(start..<bytes.count) }
        return parts
    }
}

/// Bytes of a file or a stream that a command reads: more than any request can use.
let longestInput = 256 << 20
