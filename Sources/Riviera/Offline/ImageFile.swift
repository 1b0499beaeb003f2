import API
import Glibc
import Streams

/// Images in files, as JSON or PNG, told apart by what they hold.
package struct ImageFile {
    /// `-` is standard input.
    let path: String

    package init(path: String) { self.path = path }

    /// An image with nulls where the PNG is transparent; or the JSON value as it is, an image or a
    /// whole request.
    ///
    /// - Parameter shape: the size that a PNG must have; nil for any.
    /// - Throws: `FileError` for a file that cannot be read, or is neither.
    package func json(shape: ImageShape? = nil) throws(FileError) -> JSON {
        let bytes = try bytes()
        guard Self.isJSON(bytes) else {
            return try rows(of: bytes, shape) { sample, known in known ? .number(sample) : .null }
        }
        return try value(of: bytes)
    }

    /// A mask: 1 where a PNG is at least half white, or the JSON value.
    package func mask(shape: ImageShape? = nil) throws(FileError) -> JSON {
        let bytes = try bytes()
        guard !Self.isJSON(bytes) else { return try value(of: bytes) }
        return try rows(of: bytes, shape) { sample, known in .integer(known && sample >= 0.5 ? 1 : 0) }
    }

    private func value(of text: [UInt8]) throws(FileError) -> JSON {
        do {
            return try JSONReader.read(text)
        } catch {
            throw FileError("\(name):\(error.line):\(error.column)", error.reason)
        }
    }

    /// Whether a JSON text begins; all else is taken for a picture, of whatever kind.
    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) else { return false }
        return "[{\"-0123456789ntf".utf8.contains(first)
    }

    private var name: String { path == "-" ? "standard input" : path }

    private func bytes() throws(FileError) -> [UInt8] {
        if path == "-" { return try readAll(from: STDIN_FILENO, name: name, atMost: longestInput) }
        return try readFile(path, atMost: longestInput)
    }

    private func rows(
        of bytes: [UInt8], _ shape: ImageShape?, _ cell: (Double, Bool) -> JSON
    ) throws(FileError) -> JSON {
        let image: GrayscaleImage
        do throws(PNGError) {
            image =
                if let shape {
                    try PNG.decode(bytes, expecting: PNG.Size(width: shape.columns, height: shape.rows))
                } else {
                    try PNG.decode(bytes, atMost: PNG.Size(width: 4096, height: 4096))
                }
        } catch .notPNG(let found) {
            let kind = bytes.isEmpty ? "an empty file" : found ?? "neither a PNG nor JSON"
            throw FileError(name, "this is \(kind): turn the picture into a PNG first")
        } catch {
            throw FileError(name, error.description)
        }
        let cells = zip(image.samples, image.known).map(cell)
        return .array(
            (0..<image.height).map { row in
                .array(Array(cells[row * image.width..<(row + 1) * image.width]))
            })
    }
}
