import API
import Glibc
import Streams

/// Images in files, as JSON or PNG, told apart by what they hold.
package struct ImageFile {
    /// `-` is standard input.
    let path: String

    /// Whether a picture of another size is a photograph that the command fills by another model.
    private let takesPhotographs: Bool

    package init(path: String, takesPhotographs: Bool = false) {
        self.path = path
        self.takesPhotographs = takesPhotographs
    }

    /// An image with nulls where the PNG is transparent; or the JSON value as it is, an image or a
    /// whole request.
    ///
    /// - Parameter shape: the size that a PNG must have; nil for any.
    /// - Throws: `FileError` for a file that cannot be read, or is neither.
    package func json(shape: ImageShape? = nil) throws(FileError) -> JSON {
        let bytes = try bytes()
        guard Self.isJSON(bytes) else {
            let picture = try picture(in: bytes, shape)
            return Self.rows(of: picture) { picture.known[$0] ? .number(picture.samples[$0]) : .null }
        }
        return try value(of: bytes)
    }

    /// Which pixels of an image are known, as 1 and 0; or the JSON value as it is.
    ///
    /// As in a form, a picture's white is missing, and what is missing in the image stays so.
    ///
    /// - Parameters:
    ///   - image: the image's JSON; nil where the request has none.
    ///   - shape: the size that a PNG must have; nil for any.
    /// - Throws: `FileError` for a file that cannot be read, is neither, or is a picture with transparent pixels.
    package func mask(of image: JSON?, shape: ImageShape? = nil) throws(FileError) -> JSON {
        let bytes = try bytes()
        guard !Self.isJSON(bytes) else { return try value(of: bytes) }
        let picture = try picture(in: bytes, shape)
        guard picture.known.allSatisfy({ $0 }) else {
            throw FileError(name, "has transparent pixels: paint what is missing white, and the rest black")
        }
        let holes = image.map(Self.holes) ?? []
        // An image of another size is for the endpoint to refuse.
        let fits = holes.count == picture.samples.count
        return Self.rows(of: picture) { .integer(picture.samples[$0] < 0.5 && !(fits && holes[$0]) ? 1 : 0) }
    }

    /// Whether each pixel of an image, in rows or flat, is missing.
    private static func holes(in image: JSON) -> [Bool] {
        (image.elements ?? []).flatMap { $0.elements ?? [$0] }.map { if case .null = $0 { true } else { false } }
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

    /// Whether it holds no JSON, and so a picture or nothing of use.
    static func isPicture(_ bytes: [UInt8]) -> Bool { !isJSON(bytes) }

    func bytes() throws(FileError) -> [UInt8] {
        if path == "-" { return try readAll(from: STDIN_FILENO, name: name, atMost: longestInput) }
        return try readFile(path, atMost: longestInput)
    }

    /// - Parameter cell: the value of a pixel, by its number row by row.
    private static func rows(of picture: GrayscaleImage, _ cell: (Int) -> JSON) -> JSON {
        .array(
            (0..<picture.height).map { row in
                .array((row * picture.width..<(row + 1) * picture.width).map(cell))
            })
    }

    private func picture(in bytes: [UInt8], _ shape: ImageShape?) throws(FileError) -> GrayscaleImage {
        do throws(PNGError) {
            guard let shape else { return try PNG.decode(bytes, atMost: PNG.Size(width: 4096, height: 4096)) }
            return try PNG.decode(bytes, expecting: PNG.Size(width: shape.columns, height: shape.rows))
        } catch .notPNG(let found) {
            let kind = bytes.isEmpty ? "an empty file" : found ?? "neither a PNG nor JSON"
            throw FileError(name, "this is \(kind): turn the picture into a PNG first")
        } catch .wrongSize(let size, let expected) where takesPhotographs {
            throw FileError(
                name,
                "\(PNGError.wrongSize(size, expected: expected)), or fill it as a photograph with --model photographs")
        } catch {
            throw FileError(name, error.description)
        }
    }
}
