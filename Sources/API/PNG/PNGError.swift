/// Why bytes are not a picture that can be used, or a picture cannot be written. The description
/// is one line that says what to mend.
public enum PNGError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not start as a PNG does. `found` names what they look like instead, if known.
    case notPNG(found: String?)
    /// The signature's line ends or high bit were changed on the way: the bytes went as text.
    case mangledAsText
    /// The bytes end before the `chunk` does.
    case truncated(chunk: String)
    /// The chunk's checksum does not fit its bytes.
    case badCRC(chunk: String)
    /// Bytes follow the end of the picture.
    case trailingData(count: Int)
    /// The bytes break another rule of the format. The reason is a clause.
    case malformed(reason: String)
    /// The picture has another size than the one expected.
    case wrongSize(PNG.Size, expected: PNG.Size)
    /// The picture is wider or higher than is taken.
    case tooLarge(PNG.Size, limit: PNG.Size)
    /// The picture has more pixels than are taken.
    case tooManyPixels(PNG.Size, limit: Int)
    /// The picture is sound, and needs something that is not done. The reason is a clause, the advice a request.
    case unsupported(reason: String, advice: String)
    /// The picture to be written has more pixels than are written.
    case outputTooLarge(PNG.Size, maximumPixels: Int)

    public var description: String {
        switch self {
        case .notPNG(let found):
            "this is \(found ?? "no PNG"): send a picture in PNG format"
        case .mangledAsText:
            "the PNG was changed as if it were text: send its bytes as they are "
                + "(curl: --data-binary @FILE, not --data)"
        case .truncated(let chunk):
            "the PNG is cut off in its \(chunk): send the whole file"
        case .badCRC(let chunk):
            "the PNG's \(chunk) chunk is damaged (its CRC does not fit): send the file again"
        case .trailingData(let count):
            "\(count) byte\(count == 1 ? "" : "s") after the end of the PNG: "
                + "send one picture and nothing else"
        case .malformed(let reason):
            "the PNG is broken, \(reason): save it again"
        case .wrongSize(let size, let expected):
            "the PNG is \(size) pixels where \(expected) are expected: resize it"
        case .tooLarge(let size, let limit):
            "the PNG is \(size) pixels where at most \(limit) are taken: resize it"
        case .tooManyPixels(let size, let limit):
            "the PNG is \(size) pixels, \(size.pixels) in all, and at most \(limit) are taken (the setting photographs.max_pixels): "
                + "resize it or cut it up"
        case .unsupported(let reason, let advice):
            "the PNG \(reason): \(advice)"
        case .outputTooLarge(let size, let maximum):
            "the picture would be \(size) pixels, and at most \(maximum) are written: "
                + "ask for a smaller scale or fewer pictures"
        }
    }

    /// Whether the bytes are a sound PNG that is not taken (422), rather than no PNG
    /// that can be read (400).
    public var isWellFormed: Bool {
        switch self {
        case .wrongSize, .tooLarge, .tooManyPixels, .unsupported, .outputTooLarge: true
        default: false
        }
    }
}
