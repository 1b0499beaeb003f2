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
    /// - Throws: `FileError` for a file that cannot be read, or is neither.
    package func json() throws(FileError) -> JSON {
        let bytes = try bytes()
        if bytes.starts(with: Self.pngSignature) {
            return try rows(of: bytes) { sample, known in known ? .number(sample) : .null }
        }
        do {
            return try JSONReader.read(bytes)
        } catch {
            throw FileError("\(name):\(error.line):\(error.column)", error.reason)
        }
    }

    /// A mask: 1 where a PNG is at least half white, or the JSON value.
    package func mask() throws(FileError) -> JSON {
        let bytes = try bytes()
        guard bytes.starts(with: Self.pngSignature) else { return try json() }
        return try rows(of: bytes) { sample, known in .integer(known && sample >= 0.5 ? 1 : 0) }
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]

    private var name: String { path == "-" ? "standard input" : path }

    private func bytes() throws(FileError) -> [UInt8] {
        if path == "-" { return try readAll(from: STDIN_FILENO, name: name, atMost: longestInput) }
        return try readFile(path, atMost: longestInput)
    }

    private func rows(of bytes: [UInt8], _ cell: (Double, Bool) -> JSON) throws(FileError) -> JSON {
        let image: GrayscaleImage
        do {
            image = try PNG.decode(bytes, atMost: PNG.Size(width: 4096, height: 4096))
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
