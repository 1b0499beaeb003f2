import API
import SeededRandom
import Testing

@Suite struct PhotographTests {
    private static let size = PNG.Size(width: 9, height: 7)

    private static func file(_ color: PNGFile.Color, depth: Int, seed: UInt64 = 1) -> PNGFile {
        var generator = SplitMix64(seed: seed)
        let white = 1 << depth - 1
        let samples = (0..<size.pixels).flatMap { _ in
            (0..<color.channels).map { channel -> Int in
                let isAlpha = color == .grayAlpha && channel == 1 || color == .rgba && channel == 3
                return isAlpha
                    ? (Bool.random(using: &generator) ? white : 0) : Int.random(in: 0...white, using: &generator)
            }
        }
        return PNGFile(width: size.width, height: size.height, depth: depth, color: color, samples: samples)
    }

    /// Red, green and blue, or grey, of each pixel; nil where it is transparent.
    private static func colors(_ file: PNGFile) -> [[Int]?] {
        let channels = file.color.channels, hasAlpha = file.color == .grayAlpha || file.color == .rgba
        return (0..<size.pixels).map { pixel in
            let numbers = Array(file.samples[pixel * channels..<(pixel + 1) * channels])
            guard hasAlpha else { return numbers }
            return numbers[channels - 1] == 0 ? nil : Array(numbers.dropLast())
        }
    }

    @Test(arguments: [PNGFile.Color.gray, .grayAlpha, .rgb, .rgba], [8, 16])
    func samplesAreTheFilesOwn(color: PNGFile.Color, depth: Int) throws {
        let file = Self.file(color, depth: depth)
        let photograph = try PNG.decodePhotograph(file.bytes, atMost: 100)
        #expect(photograph.size == Self.size && photograph.depth == depth)
        #expect(photograph.channels == (color == .gray || color == .grayAlpha ? 1 : 3))
        for (pixel, color) in Self.colors(file).enumerated() {
            #expect(photograph.known[pixel] == (color != nil))
            guard let color else { continue }
            for c in color.indices { #expect(Int(photograph.samples[pixel * photograph.channels + c]) == color[c]) }
        }
    }

    @Test(arguments: [PNGFile.Color.gray, .grayAlpha, .rgb, .rgba], [8, 16])
    func whatIsWrittenIsReadAgain(color: PNGFile.Color, depth: Int) throws {
        let file = Self.file(color, depth: depth)
        let photograph = try PNG.decodePhotograph(file.bytes, atMost: 100)
        #expect(try PNG.decodePhotograph(PNG.encode(photograph), atMost: 100) == photograph)
    }

    /// Whatever the pieces, the bytes are the same, and libpng reads them.
    @Test func piecesMakeTheSameFile() throws {
        var generator = SplitMix64(seed: 9)
        let samples = (0..<3 * 40 * 31).map { _ in Int.random(in: 0...255, using: &generator) / 16 }
        let file = PNGFile(width: 40, height: 31, depth: 8, color: .rgb, samples: samples)
        let photograph = try PNG.decodePhotograph(file.bytes, atMost: 10_000)
        let encoder = try PhotographEncoder(photograph)
        var pieces = 1
        var made = encoder.advance(pixels: 100)
        while made == nil {
            made = encoder.advance(pixels: 100)
            pieces += 1
        }
        #expect(pieces == 16)
        #expect(try made == PNG.encode(photograph))
        #expect(
            firstDifference(
                try PNG.decode(made ?? [], expecting: photograph.size).samples,
                try PNG.decode(file.bytes, expecting: photograph.size).samples) == nil)
    }

    @Test(arguments: [1, 2, 4, 8]) func aPaletteBecomesItsColors(depth: Int) throws {
        var generator = SplitMix64(seed: 3)
        let count = 1 << depth
        let palette = (0..<3 * count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let file = PNGFile(
            width: count, height: 1, depth: depth, color: .palette, samples: Array(0..<count),
            before: [("PLTE", palette)])
        let photograph = try PNG.decodePhotograph(file.bytes, atMost: 256)
        #expect(photograph.channels == 3)
        #expect(photograph.samples == palette.map { UInt16($0) })
    }

    @Test func partOpacityIsKept() throws {
        let samples = (0..<Self.size.pixels).flatMap { [$0 * 4, 128 + $0] }
        let file = PNGFile(width: 9, height: 7, depth: 8, color: .grayAlpha, samples: samples)
        let photograph = try PNG.decodePhotograph(
            PNG.encode(PNG.decodePhotograph(file.bytes, atMost: 100)), atMost: 100)
        #expect(photograph.alpha == (0..<Self.size.pixels).map { UInt8(128 + $0) })
        #expect(photograph.samples == (0..<Self.size.pixels).map { UInt16($0 * 4) })
    }

    @Test func partOpacityWithSixteenBitsIsRefusedByName() {
        let samples = (0..<Self.size.pixels).flatMap { [$0 * 400, 40_000] }
        let file = PNGFile(width: 9, height: 7, depth: 16, color: .grayAlpha, samples: samples)
        #expect(throws: PNGError.self) { try PNG.decodePhotograph(file.bytes, atMost: 100) }
        do {
            _ = try PNG.decodePhotograph(file.bytes, atMost: 100)
        } catch {
            #expect(error.isWellFormed && error.description.contains("16 bits"))
        }
    }

    /// What the colours mean, which way up the picture is, whose it is.
    private static let metadata: [(type: String, data: [UInt8])] = [
        ("gAMA", PNGFile.bigEndian(45_455)), ("cHRM", Array(repeating: 1, count: 32)),
        ("iCCP", Array("profile".utf8) + [0, 0, 1, 2, 3]), ("eXIf", Array("MM".utf8) + [0, 42]),
        ("pHYs", [0, 0, 1, 0, 0, 0, 1, 0, 1]), ("tEXt", Array("Author".utf8) + [0] + Array("A. Nobody".utf8)),
    ]

    @Test(arguments: [8, 16]) func metadataIsKeptAsItWas(depth: Int) throws {
        var file = Self.file(.rgb, depth: depth)
        file.before = Self.metadata + [("tIME", [7, 0, 1, 1, 1, 1, 1]), ("bKGD", [0, 0, 0, 0, 0, 0])]
        let photograph = try PNG.decodePhotograph(file.bytes, atMost: 100)
        let written = try PNG.encode(photograph)
        for chunk in Self.metadata {
            let bytes = PNGFile.chunk(chunk.type, chunk.data)
            #expect(written.indices.contains { written[$0...].starts(with: bytes) }, "\(chunk.type)")
        }
        for type in ["tIME", "bKGD", "sRGB"] {
            #expect(!written.indices.contains { written[$0...].starts(with: type.utf8) }, "\(type)")
        }
        #expect(try PNG.decodePhotograph(written, atMost: 100) == photograph)
    }

    @Test func anAnimationIsRefused() {
        var file = Self.file(.rgb, depth: 8)
        file.before = [("acTL", [0, 0, 0, 2, 0, 0, 0, 0])]
        #expect(throws: PNGError.unsupported(reason: "is an animation", advice: "send its frames one by one")) {
            try PNG.decodePhotograph(file.bytes, atMost: 100)
        }
    }

    @Test func pixelsBeyondTheLimitAreRefusedBeforeAnythingElse() {
        let header = PNGFile(width: 60_000, height: 60_000, depth: 8, color: .rgb, samples: []).header
        let bytes = PNGFile.file([("IHDR", header)])
        #expect(throws: PNGError.tooManyPixels(PNG.Size(width: 60_000, height: 60_000), limit: 4_000_000)) {
            try PNG.decodePhotograph(bytes, atMost: 4_000_000)
        }
    }
}
