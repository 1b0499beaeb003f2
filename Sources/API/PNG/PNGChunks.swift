/// The chunks of a PNG, checked one by one before the decoder sees any: signature, lengths,
/// checksums, order, end.
///
/// Only the chunks that give pixels their values are passed on (IHDR, PLTE, tRNS, IDAT, IEND).
/// Without gAMA, sRGB, iCCP and cHRM no decoder has a reason to convert a sample, so that a grey
/// byte comes through unchanged; and what text and colour profiles a file may carry is never
/// parsed.
struct PNGChunks {
    /// Columns and rows as the header gives them.
    let size: PNG.Size
    /// Bytes that all rows take before they are compressed, a filter's byte a row included.
    let inflatedSize: Int
    private let bytes: [UInt8]

    static let essentialTypes: Set = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]

    /// Reads the signature and the header, and allocates nothing for what they announce.
    init(_ bytes: [UInt8]) throws(PNGError) {
        try Self.checkSignature(of: bytes)
        self.bytes = bytes
        let header = try Self.chunk(in: bytes, at: PNG.signature.count)
        guard header.type == "IHDR", header.data.count == 13 else {
            throw .malformed(reason: "it does not start with a header (IHDR) of 13 bytes")
        }
        let start = header.data.startIndex
        let width = Self.integer(in: bytes, at: start)
        let height = Self.integer(in: bytes, at: start + 4)
        guard 1...0x7FFF_FFFF ~= width, 1...0x7FFF_FFFF ~= height else {
            throw .malformed(reason: "its header says \(width) columns and \(height) rows")
        }
        size = PNG.Size(width: width, height: height)
        inflatedSize = try PNGLayout(
            depth: Int(bytes[start + 8]), colorType: Int(bytes[start + 9]),
            isInterlaced: bytes[start + 12] != 0
        ).bytes(of: size)
    }

    /// The file once more with nothing in it but what pixels are made of.
    func essential() throws(PNGError) -> [UInt8] {
        var essential = PNG.signature
        essential.reserveCapacity(bytes.count)
        var offset = PNG.signature.count
        var inflation = try PNGInflation(expecting: inflatedSize)
        var seen: Set<String> = []
        var previous = ""
        while previous != "IEND" {
            let chunk = try Self.chunk(in: bytes, at: offset)
            try Self.checkOrder(of: chunk.type, after: previous, seen: seen)
            if chunk.type == "IDAT" { try inflation.take(chunk.data) }
            if Self.essentialTypes.contains(chunk.type) {
                essential += bytes[offset..<chunk.end]
                seen.insert(chunk.type)
            }
            previous = chunk.type
            offset = chunk.end
        }
        guard offset == bytes.count else { throw .trailingData(count: bytes.count - offset) }
        return essential
    }

    /// Calls `body` for each chunk up to the end.
    func forEach(_ body: (Chunk) throws(PNGError) -> Void) throws(PNGError) {
        var offset = PNG.signature.count, type = ""
        while type != "IEND" {
            let chunk = try Self.chunk(in: bytes, at: offset)
            try body(chunk)
            (offset, type) = (chunk.end, chunk.type)
        }
    }

    private static func checkSignature(of bytes: [UInt8]) throws(PNGError) {
        if bytes.starts(with: PNG.signature) { return }
        if !bytes.isEmpty && PNG.signature.starts(with: bytes) {
            throw .truncated(chunk: "signature")
        }
        // The signature was chosen so that text transfer shows: line ends stripped or rewritten,
        // the high bit lost, Latin-1 or junk turned into UTF-8.
        let firstBytes: [[UInt8]] = [[0x89], [0x09], [0xC2, 0x89], [0xEF, 0xBF, 0xBD]]
        if firstBytes.contains(where: { bytes.starts(with: $0 + "PNG".utf8) }) {
            throw .mangledAsText
        }
        throw .notPNG(found: Self.guess(bytes))
    }

    /// What bytes that are no PNG look like.
    private static func guess(_ bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "an empty body" }
        if let picture = guessPicture(bytes) { return picture }
        if let first = bytes.first(where: { !" \t\r\n".utf8.contains($0) }),
            "[{".utf8.contains(first)
        {
            return "JSON (its Content-Type is application/json)"
        }
        return nil
    }

    /// Whether bytes begin as a picture of any format does, a PNG that went as text included.
    static func areOfPicture(_ bytes: [UInt8]) -> Bool {
        do {
            try checkSignature(of: Array(bytes.prefix(16)))
            return true
        } catch {
            return error == .mangledAsText || guessPicture(bytes) != nil
        }
    }

    /// The formats that people may take for a PNG.
    private static func guessPicture(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "a JPEG" }
        if bytes.starts(with: "GIF8".utf8) { return "a GIF" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            return "a WebP"
        }
        if bytes.starts(with: "BM".utf8) { return "a BMP" }
        return nil
    }

    private static func checkOrder(
        of type: String, after previous: String, seen: Set<String>
    ) throws(PNGError) {
        let pixelsSeen = seen.contains("IDAT")
        switch type {
        case "IHDR", "PLTE", "tRNS":
            if seen.contains(type) { throw .malformed(reason: "it has two \(type) chunks") }
            if pixelsSeen { throw .malformed(reason: "its \(type) chunk follows its pixels") }
        case "IDAT":
            if pixelsSeen && previous != "IDAT" {
                throw .malformed(reason: "its pixels (IDAT) are interrupted by a \(previous) chunk")
            }
        case "IEND":
            if !pixelsSeen { throw .malformed(reason: "it has no pixels (IDAT)") }
        default:
            // An upper-case first letter marks a chunk that a decoder must understand.
            if let first = type.utf8.first, first & 0x20 == 0 {
                throw .malformed(reason: "it needs an extension to the format, the \(type) chunk")
            }
        }
    }

    struct Chunk {
        let type: String
        let data: ArraySlice<UInt8>
        /// All of it: length, type, data and checksum.
        let bytes: ArraySlice<UInt8>
        /// Where the next chunk starts.
        let end: Int
    }

    /// length (4 bytes, big endian), type (4 letters), data, CRC over type and data (4 bytes).
    private static func chunk(in bytes: [UInt8], at offset: Int) throws(PNGError) -> Chunk {
        guard bytes.count - offset >= 8 else { throw .truncated(chunk: "chunks, before IEND") }
        let letters = bytes[offset + 4..<offset + 8]
        guard letters.allSatisfy({ 0x41...0x5A ~= $0 & 0xDF }) else {
            throw .malformed(reason: "at byte \(offset) a chunk's name is not four letters")
        }
        let type = String(decoding: letters, as: UTF8.self)
        let length = integer(in: bytes, at: offset)
        guard bytes.count - offset - 12 >= length else { throw .truncated(chunk: "\(type) chunk") }
        let end = offset + 12 + length
        guard CRC32.checksum(of: bytes[offset + 4..<end - 4]) == integer(in: bytes, at: end - 4)
        else { throw .badCRC(chunk: type) }
        return Chunk(type: type, data: bytes[offset + 8..<end - 4], bytes: bytes[offset..<end], end: end)
    }

    private static func integer(in bytes: [UInt8], at offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
