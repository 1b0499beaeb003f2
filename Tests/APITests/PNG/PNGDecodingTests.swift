import API
import SeededRandom
import Testing

@Suite struct PNGDecodingTests {
    static let gammas: [[(type: String, data: [UInt8])]] = [
        [],
        [("gAMA", PNGFile.bigEndian(100_000))],
        [("gAMA", PNGFile.bigEndian(45_455))],
        [("gAMA", PNGFile.bigEndian(0))],
        [("sRGB", [0])],
        [("iCCP", Array("junk".utf8) + [0, 0, 1, 2, 3])],
        [("cHRM", Array(repeating: 0xFF, count: 32)), ("gAMA", PNGFile.bigEndian(220_000))],
        [("sBIT", [3]), ("bKGD", [0, 7]), ("tEXt", Array("Comment".utf8) + [0, 0xFF])],
    ]

    @Test(arguments: gammas.indices) func everyGrayByteComesThroughWhateverTheGamma(i: Int) throws {
        let file = PNGFile(
            width: 16, height: 16, depth: 8, color: .gray, samples: Array(0...255),
            before: Self.gammas[i])
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: 16, height: 16))
        #expect(firstDifference(image.samples, (0...255).map { Double($0) / 255 }) == nil)
        #expect(!image.known.contains(false))
    }

    @Test(arguments: [1, 2, 4, 8, 16], PNGDecodingTests.gammas.indices)
    func everyGrayOfEveryDepthIsAnExactFraction(depth: Int, gamma: Int) throws {
        let count = 1 << depth
        let width = 1 << (depth / 2)
        let file = PNGFile(
            width: width, height: count / width, depth: depth, color: .gray,
            samples: Array(0..<count), before: Self.gammas[gamma])
        let image = try PNG.decode(file.bytes, atMost: PNG.Size(width: 256, height: 256))
        #expect(image.size == PNG.Size(width: width, height: count / width))
        let fractions = (0..<count).map { Double($0) / Double(count - 1) }
        #expect(firstDifference(image.samples, fractions) == nil)
    }

    @Test(arguments: [8, 16], [PNGFile.Color.rgb, .rgba, .grayAlpha])
    func aGrayInColorKeepsItsValueExactly(depth: Int, color: PNGFile.Color) throws {
        let white = 1 << depth - 1
        let grays = (0...255).map { depth == 8 ? $0 : $0 * 257 - $0 % 2 }
        let samples = grays.flatMap { gray in
            (0..<color.channels).map { $0 == 3 || color == .grayAlpha && $0 == 1 ? white : gray }
        }
        let file = PNGFile(width: 256, height: 1, depth: depth, color: color, samples: samples)
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: 256, height: 1))
        #expect(firstDifference(image.samples, grays.map { Double($0) / Double(white) }) == nil)
    }

    @Test(arguments: [8, 16]) func colorTurnsIntoItsLuma(depth: Int) throws {
        var generator = SplitMix64(seed: 1)
        let white = 1 << depth - 1
        let samples = (0..<3 * 400).map { _ in Int.random(in: 0...white, using: &generator) }
        let file = PNGFile(width: 20, height: 20, depth: depth, color: .rgb, samples: samples)
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: 20, height: 20))
        let lumas = (0..<400).map { luma(samples[3 * $0..<3 * $0 + 3]) }
        let expected = lumas.map { Double($0) / Double(1000 * white) }
        #expect(firstDifference(image.samples, expected) == nil)
    }

    @Test(arguments: [1, 2, 4, 8]) func palettesGiveTheirColorsAndTheirHoles(depth: Int) throws {
        var generator = SplitMix64(seed: 2)
        let count = 1 << depth
        let palette = (0..<3 * count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Colours beyond the table's end are opaque.
        let alphas = (0..<max(count / 2, 1)).map { _ in UInt8.random(in: 0...255, using: &generator)
        }
        let file = PNGFile(
            width: count, height: 1, depth: depth, color: .palette, samples: Array(0..<count),
            before: [("PLTE", palette), ("tRNS", alphas)])
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: count, height: 1))
        for i in 0..<count {
            let isKnown = i >= alphas.count || alphas[i] >= 128
            #expect(image.known[i] == isKnown)
            let gray = luma(palette[3 * i..<3 * i + 3].map(Int.init)[...])
            #expect(image.samples[i] == (isKnown ? Double(gray) / 255_000 : 0))
        }
    }

    @Test(arguments: [1, 2, 4, 8, 16]) func theTransparentGrayIsMissingAndNoOther(depth: Int) throws
    {
        let count = min(1 << depth, 1024)
        let transparent = count / 2
        let file = PNGFile(
            width: count, height: 1, depth: depth, color: .gray, samples: Array(0..<count),
            before: [("tRNS", [UInt8(transparent >> 8), UInt8(transparent & 0xFF)])])
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: count, height: 1))
        #expect(image.known.indices.filter { !image.known[$0] } == [transparent])
        let values = (0..<count).map {
            $0 == transparent ? 0 : Double($0) / Double(1 << depth - 1)
        }
        #expect(firstDifference(image.samples, values) == nil)
    }

    @Test(arguments: [8, 16]) func theTransparentColorIsMissingAndNoOther(depth: Int) throws {
        let key = depth == 8 ? [1, 2, 3] : [0x0102, 0x0304, 0x0506]
        let near = key.indices.map { i in key.enumerated().map { $0 == i ? $1 + 1 : $1 } }
        let file = PNGFile(
            width: 4, height: 1, depth: depth, color: .rgb, samples: key + near.flatMap { $0 },
            before: [("tRNS", key.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })])
        let image = try PNG.decode(file.bytes, expecting: PNG.Size(width: 4, height: 1))
        #expect(image.known == [false, true, true, true])
    }

    @Test func aPixelIsKnownFromHalfOpacityOnAndKeepsItsStoredValue() throws {
        let grays = [0, 1, 77, 128, 254, 255]
        let samples = (0...255).flatMap { alpha in grays.flatMap { [$0, alpha] } }
        let file = PNGFile(
            width: grays.count, height: 256, depth: 8, color: .grayAlpha, samples: samples)
        let image = try PNG.decode(
            file.bytes, expecting: PNG.Size(width: grays.count, height: 256))
        let expected = GrayscaleImage(
            size: image.size,
            samples: (0...255).flatMap { alpha in
                grays.map { alpha >= 128 ? Double($0) / 255 : 0 }
            },
            known: (0...255).flatMap { alpha in grays.map { _ in alpha >= 128 } })
        #expect(firstDifference(image, expected) == nil)
    }

    @Test func sixteenBitPixelsKeepTheirValueWithinOneStep() throws {
        var generator = SplitMix64(seed: 3)
        let alphas = [0, 1, 32767, 32768, 40000, 65534, 65535]
        let grays =
            [0, 1, 65534, 65535]
            + (0..<252).map { _ in Int.random(in: 0...65535, using: &generator) }
        let samples = alphas.flatMap { alpha in grays.flatMap { [$0, alpha] } }
        let size = PNG.Size(width: grays.count, height: alphas.count)
        let file = PNGFile(
            width: size.width, height: size.height, depth: 16, color: .grayAlpha, samples: samples)
        let image = try PNG.decode(file.bytes, expecting: size)
        for (row, alpha) in alphas.enumerated() {
            for (column, gray) in grays.enumerated() {
                let i = row * size.width + column
                #expect(image.known[i] == (alpha >= 32768))
                guard image.known[i] else { continue }
                let error = abs(image.samples[i] - Double(gray) / 65535)
                #expect(error <= (alpha == 65535 ? 0 : 1.001 / 65535))
            }
        }
    }

    @Test(
        arguments: [
            (PNGFile.Color.gray, 1), (.gray, 2), (.gray, 4), (.gray, 8), (.gray, 16), (.rgb, 8),
            (.rgb, 16), (.palette, 1), (.palette, 2), (.palette, 4), (.palette, 8),
            (.grayAlpha, 8), (.grayAlpha, 16), (.rgba, 8), (.rgba, 16),
        ])
    func interlacingChangesNothing(color: PNGFile.Color, depth: Int) throws {
        var generator = SplitMix64(seed: 4)
        for (width, height) in [(1, 1), (2, 1), (1, 5), (3, 3), (4, 9), (5, 5), (8, 8), (13, 11)] {
            let white = 1 << depth - 1
            var file = PNGFile(
                width: width, height: height, depth: depth, color: color,
                samples: (0..<width * height * color.channels).map { _ in
                    Int.random(in: 0...white, using: &generator)
                })
            if color == .palette {
                file.before = [
                    ("PLTE", (0..<3 << depth).map { UInt8(truncatingIfNeeded: 37 * $0) })
                ]
            }
            let size = PNG.Size(width: width, height: height)
            let plain = try PNG.decode(file.bytes, expecting: size)
            file.interlaced = true
            #expect(try firstDifference(PNG.decode(file.bytes, expecting: size), plain) == nil)
        }
    }

    @Test func pixelsMayComeInManyChunks() throws {
        let file = PNGFile(width: 16, height: 16, depth: 8, color: .gray, samples: Array(0...255))
        let pixels = PNGFile.zlib(file.scanlines)
        let split = PNGFile.file(
            [("IHDR", file.header)] + pixels.map { ("IDAT", [$0]) } + [("IDAT", []), ("IEND", [])])
        let size = PNG.Size(width: 16, height: 16)
        let image = try PNG.decode(split, expecting: size)
        #expect(try firstDifference(image, PNG.decode(file.bytes, expecting: size)) == nil)
    }

    /// ITU-R BT.601: 1000 Y = 299 R + 587 G + 114 B.
    private func luma(_ color: ArraySlice<Int>) -> Int {
        zip([299, 587, 114], color).reduce(0) { sum, term in sum + term.0 * term.1 }
    }
}
