import API
import SeededRandom
import Testing

@Suite struct PNGErrorTests {
    static let size = PNG.Size(width: 9, height: 7)
    static let sound = PNGFile(
        width: 9, height: 7, depth: 8, color: .palette, samples: (0..<63).map { $0 % 4 },
        before: [
            ("PLTE", [0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255]), ("tRNS", [255, 0]),
            ("tEXt", Array("Title".utf8) + [0] + Array("nothing".utf8)),
        ])

    func error(_ bytes: [UInt8], expecting size: PNG.Size = size) -> PNGError? {
        do throws(PNGError) {
            _ = try PNG.decode(bytes, expecting: size)
            return nil
        } catch {
            return error
        }
    }

    /// The header alone is enough to refuse it: nothing follows it here.
    @Test func aHugePictureIsRefusedFromItsHeader() {
        var file = Self.sound
        (file.width, file.height) = (30000, 30000)
        let header = PNGFile.file([("IHDR", file.header)])
        let huge = PNG.Size(width: 30000, height: 30000)
        #expect(error(header) == .wrongSize(huge, expected: Self.size))
        #expect(throws: PNGError.tooLarge(huge, limit: Self.size)) {
            try PNG.decode(header, atMost: Self.size)
        }
        let line = "the PNG is 30000×30000 pixels where 9×7 are expected: resize it"
        #expect(error(header)?.description == line)
    }

    @Test func eitherSideMayBeTooLong() throws {
        let bytes = Self.sound.bytes
        #expect(throws: PNGError.tooLarge(Self.size, limit: PNG.Size(width: 8, height: 7))) {
            try PNG.decode(bytes, atMost: PNG.Size(width: 8, height: 7))
        }
        #expect(throws: PNGError.tooLarge(Self.size, limit: PNG.Size(width: 9, height: 6))) {
            try PNG.decode(bytes, atMost: PNG.Size(width: 9, height: 6))
        }
        #expect(try PNG.decode(bytes, atMost: Self.size).size == Self.size)
    }

    @Test func everyPrefixIsCutOff() {
        let bytes = Self.sound.bytes
        #expect(error(bytes) == nil)
        for count in 1..<bytes.count {
            guard case .truncated = error(Array(bytes[..<count])) else {
                Issue.record("\(count) bytes: \(String(describing: error(Array(bytes[..<count]))))")
                continue
            }
        }
        #expect(
            "\(error(Array(bytes.dropLast(20)))!)"
                == "the PNG is cut off in its IDAT chunk: send the whole file")
    }

    @Test func everyFlippedBitIsNoticed() {
        let bytes = Self.sound.bytes
        for bit in 0..<8 * bytes.count {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(error(flipped) != nil, "bit \(bit)")
        }
    }

    @Test func aDamagedChunkIsNamed() {
        for (i, chunk) in Self.sound.chunks.enumerated() {
            let start = PNGFile.file(Array(Self.sound.chunks[..<i])).count
            var bytes = Self.sound.bytes
            bytes[start + 8 + chunk.data.count] ^= 0x10
            #expect(error(bytes) == .badCRC(chunk: chunk.type))
        }
    }

    @Test func whatFollowsThePictureIsCounted() {
        #expect(error(Self.sound.bytes + [10]) == .trailingData(count: 1))
        #expect(
            error(Self.sound.bytes + Self.sound.bytes)
                == .trailingData(count: Self.sound.bytes.count))
    }

    @Test(
        arguments: [
            ([], "an empty body"), ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG"),
            (Array("GIF89a".utf8), "a GIF"), (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), "a WebP"),
            (Array("BM6".utf8), "a BMP"),
            (Array(" {\"image\": []}".utf8), "JSON (its Content-Type is application/json)"),
            (Array("[[0]]".utf8), "JSON (its Content-Type is application/json)"),
            (Array("hello".utf8), nil), ([0], nil),
        ] as [([UInt8], String?)])
    func whatIsNoPNGIsToldByName(bytes: [UInt8], found: String?) {
        #expect(error(bytes) == .notPNG(found: found))
    }

    @Test func bytesSentAsTextAreToldApart() {
        let bytes = Self.sound.bytes
        // curl's --data strips line ends and zeros from a file.
        #expect(error(bytes.filter { ![0, 10, 13].contains($0) }) == .mangledAsText)
        #expect(error(Array(String(decoding: bytes, as: UTF8.self).utf8)) == .mangledAsText)
        #expect(error(bytes.map { $0 & 0x7F }) == .mangledAsText)
        #expect(error([0xC2] + bytes) == .mangledAsText)
    }

    typealias Chunks = [(type: String, data: [UInt8])]

    static let ihdr = sound.chunks[0]
    static let plte = sound.chunks[1]
    static let idat = sound.chunks[4]
    static let iend = sound.chunks[5]
    static func header(_ width: Int, _ height: Int, _ rest: [UInt8] = [8, 3, 0, 0, 0]) -> (
        type: String, data: [UInt8]
    ) { ("IHDR", PNGFile.bigEndian(width) + PNGFile.bigEndian(height) + rest) }

    static let broken: [(String, Chunks)] = [
        ("no header", [plte, idat, iend]),
        ("header of 12 bytes", [("IHDR", Array(ihdr.data.dropLast())), plte, idat, iend]),
        ("two headers", [ihdr, ihdr, plte, idat, iend]),
        ("no columns", [header(0, 7), plte, idat, iend]),
        ("2^31 rows", [header(9, 1 << 31), plte, idat, iend]),
        ("depth 3", [header(9, 7, [3, 3, 0, 0, 0]), plte, idat, iend]),
        ("color type 5", [header(9, 7, [8, 5, 0, 0, 0]), plte, idat, iend]),
        ("compression 1", [header(9, 7, [8, 3, 1, 0, 0]), plte, idat, iend]),
        ("filter method 1", [header(9, 7, [8, 3, 0, 1, 0]), plte, idat, iend]),
        ("interlace 2", [header(9, 7, [8, 3, 0, 0, 2]), plte, idat, iend]),
        ("no palette", [ihdr, idat, iend]),
        ("two palettes", [ihdr, plte, plte, idat, iend]),
        ("palette of 4 bytes", [ihdr, ("PLTE", [1, 2, 3, 4]), idat, iend]),
        ("palette after the pixels", [ihdr, plte, idat, plte, iend]),
        ("holes after the pixels", [ihdr, plte, idat, ("tRNS", [0]), iend]),
        ("no pixels", [ihdr, plte, iend]),
        ("empty pixels", [ihdr, plte, ("IDAT", []), iend]),
        ("pixels in two places", [ihdr, plte, idat, ("tEXt", [65, 0]), idat, iend]),
        ("unknown need", [ihdr, ("CgBI", [0]), plte, idat, iend]),
        ("a name that is none", [ihdr, ("ID4T", [0]), plte, idat, iend]),
        ("no zlib stream", [ihdr, plte, ("IDAT", [1, 2, 3, 4, 5, 6, 7, 8]), iend]),
        (
            "a row missing",
            [
                ihdr, plte, ("IDAT", PNGFile.zlib(Array(sound.scanlines.dropLast(10)))), iend,
            ]
        ),
        (
            "too many rows",
            [ihdr, plte, ("IDAT", PNGFile.zlib(sound.scanlines + sound.scanlines)), iend]
        ),
        (
            "filter type 5",
            [
                ihdr, plte, ("IDAT", PNGFile.zlib([5] + sound.scanlines.dropFirst())), iend,
            ]
        ),
        ("a wrong Adler-32", [ihdr, plte, ("IDAT", idat.data.dropLast() + [0]), iend]),
    ]

    @Test(arguments: broken.indices) func brokenRulesAreRefused(i: Int) {
        let (rule, chunks) = Self.broken[i]
        guard case .malformed(let reason) = error(PNGFile.file(chunks)) else {
            Issue.record("\(rule): \(String(describing: error(PNGFile.file(chunks))))")
            return
        }
        #expect(!reason.isEmpty)
        #expect(!reason.contains("“”"), "\(rule)")
    }

    @Test func extensionsThatMayBeIgnoredAreIgnored() throws {
        let plain = try PNG.decode(Self.sound.bytes, expecting: Self.size)
        let chunks = Self.sound.chunks
        let with =
            [chunks[0], ("acTL", [0, 0, 0, 1])] + chunks[1..<5] + [("zzZz", []), chunks[5]]
        #expect(
            try firstDifference(PNG.decode(PNGFile.file(with), expecting: Self.size), plain) == nil)
    }

    /// Damage with the checksums made good again, so that it reaches the decoder's inside.
    @Test func randomDamageGivesAnErrorOrAPicture() {
        var generator = SplitMix64(seed: 5)
        let files = [
            Self.sound,
            PNGFile(
                width: 9, height: 7, depth: 4, color: .palette, samples: (0..<63).map { $0 % 4 },
                interlaced: true, before: Self.sound.before),
            PNGFile(
                width: 9, height: 7, depth: 16, color: .rgba, samples: (0..<252).map { $0 * 260 }),
            PNGFile(
                width: 9, height: 7, depth: 1, color: .gray, samples: (0..<63).map { $0 % 2 },
                interlaced: true, before: [("tRNS", [0, 1])]),
        ]
        var refused = 0
        var decoded = 0
        for round in 0..<8000 {
            var chunks = files[round % files.count].chunks
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let i = Int.random(in: 0..<chunks.count, using: &generator)
                if chunks[i].data.isEmpty { continue }
                // The size stays, or nothing but the size would ever be refused.
                let first = chunks[i].type == "IHDR" ? 8 : 0
                let at = Int.random(in: first..<chunks[i].data.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: chunks[i].data[at] = .random(in: 0...255, using: &generator)
                case 1: chunks[i].data[at] ^= 1 << Int.random(in: 0..<8, using: &generator)
                case 2 where chunks[i].type != "IHDR": chunks[i].data.removeSubrange(at...)
                default:
                    chunks[i].data[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
                }
            }
            do throws(PNGError) {
                let image = try PNG.decode(PNGFile.file(chunks), expecting: Self.size)
                #expect(image.size == Self.size)
                #expect(image.samples.allSatisfy { (0...1).contains($0) })
                decoded += 1
            } catch {
                #expect(!error.isWellFormed)
                refused += 1
            }
        }
        #expect(refused > 1000)
        #expect(decoded > 1000)
    }

    /// A file that inflates to 4 MB where 63 pixels are announced.
    @Test func whatInflatesWithoutEndIsRefused() {
        let bomb = PNGFile.zlib(Self.sound.scanlines + Array(repeating: 0, count: 1 << 22))
        guard
            case .malformed = error(
                PNGFile.file([Self.ihdr, Self.plte, ("IDAT", bomb), Self.iend]))
        else {
            Issue.record("it was taken")
            return
        }
    }

    @Test func onlyASizeMakesASoundPNGUnfit() {
        #expect(PNGError.wrongSize(Self.size, expected: Self.size).isWellFormed)
        #expect(PNGError.tooLarge(Self.size, limit: Self.size).isWellFormed)
        #expect(!PNGError.notPNG(found: nil).isWellFormed)
        #expect(!PNGError.trailingData(count: 1).isWellFormed)
    }
}
