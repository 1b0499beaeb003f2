import API
import SeededRandom
import Testing

@Suite struct PNGEncodingTests {
    static func noise(_ width: Int, _ height: Int, missing: Double, seed: UInt64) -> GrayscaleImage
    {
        var generator = SplitMix64(seed: seed)
        let size = PNG.Size(width: width, height: height)
        let known = (0..<size.pixels).map { _ in
            Double.random(in: 0..<1, using: &generator) >= missing
        }
        return GrayscaleImage(
            size: size,
            samples: known.map {
                $0 ? Double(UInt8.random(in: 0...255, using: &generator)) / 255 : 0
            },
            known: known)
    }

    @Test func everyByteSurvivesItsSample() {
        for byte in UInt8.min...UInt8.max { #expect(PNG.byte(of: Double(byte) / 255) == byte) }
    }

    @Test func samplesAreRoundedHalfAwayFromZeroAndClamped() {
        for byte in 0..<255 {
            let half = (Double(byte) + 0.5) / 255
            // Only where 255 · half is a half again does the rule for halves show.
            if half * 255 == Double(byte) + 0.5 { #expect(Int(PNG.byte(of: half)) == byte + 1) }
            #expect(Int(PNG.byte(of: (Double(byte) + 0.49) / 255)) == byte)
            #expect(Int(PNG.byte(of: (Double(byte) + 0.51) / 255)) == byte + 1)
        }
        #expect(PNG.byte(of: 0.5) == 128)
        for low in [-1, -0.0, -.infinity, .nan] as [Double] { #expect(PNG.byte(of: low) == 0) }
        for high in [1.001, 7, .infinity] as [Double] { #expect(PNG.byte(of: high) == 255) }
    }

    @Test(arguments: [0, 0.3, 1]) func decodeInvertsEncode(missing: Double) throws {
        for (seed, (width, height)) in [(1, 1), (28, 28), (1, 40), (33, 2), (257, 131)].enumerated()
        {
            let image = Self.noise(width, height, missing: missing, seed: UInt64(seed))
            let decoded = try PNG.decode(PNG.encode(image), expecting: image.size)
            #expect(firstDifference(decoded, image) == nil)
        }
    }

    @Test(arguments: PNG.scales) func eachPixelBecomesASquare(scale: Int) throws {
        let image = Self.noise(7, 5, missing: 0.3, seed: 1)
        let size = PNG.Size(width: 7 * scale, height: 5 * scale)
        let enlarged = try PNG.decode(PNG.encode(image, scale: scale), expecting: size)
        let from = (0..<size.pixels).map { i in
            i / size.width / scale * 7 + i % size.width / scale
        }
        let squares = GrayscaleImage(
            size: size, samples: from.map { image.samples[$0] }, known: from.map { image.known[$0] }
        )
        #expect(firstDifference(enlarged, squares) == nil)
    }

    @Test func tintedHolesAreOpaqueAndColored() throws {
        let image = Self.noise(28, 28, missing: 0.3, seed: 2)
        let tinted = try PNG.decode(PNG.encode(image, holes: .tinted), expecting: image.size)
        #expect(!tinted.known.contains(false))
        let known = image.known.indices.filter { image.known[$0] }
        #expect(
            firstDifference(known.map { tinted.samples[$0] }, known.map { image.samples[$0] })
                == nil)
        // No grey has the luma of the tint, so it is a colour.
        let holes = Set(image.known.indices.filter { !image.known[$0] }.map { tinted.samples[$0] })
        #expect(holes.count == 1)
        #expect((0...255).allSatisfy { !holes.contains(Double($0) / 255) })
    }

    /// Byte 25 of a PNG is its colour type: 0 grey, 2 colour, 4 grey and alpha.
    @Test func theFileIsNoRicherThanItsPicture() throws {
        let whole = Self.noise(9, 9, missing: 0, seed: 3)
        let holed = Self.noise(9, 9, missing: 0.5, seed: 3)
        #expect(try PNG.encode(whole)[24...25] == [8, 0])
        #expect(try PNG.encode(whole, holes: .tinted)[24...25] == [8, 0])
        #expect(try PNG.encode(holed)[24...25] == [8, 4])
        #expect(try PNG.encode(holed, holes: .tinted)[24...25] == [8, 2])
    }

    @Test func theBytesAreAFunctionOfThePicture() throws {
        var image = Self.noise(28, 28, missing: 0.2, seed: 4)
        let bytes = try PNG.encode(image, scale: 3)
        #expect(try firstDifference(PNG.encode(image, scale: 3), bytes) == nil)
        // What stands where nothing is known leaves no trace.
        for i in image.known.indices where !image.known[i] { image.samples[i] = 0.123 }
        #expect(try firstDifference(PNG.encode(image, scale: 3), bytes) == nil)
        // No chunk that could hold a time, a path or a version.
        let words = bytes.indices.dropLast(3).map { Array(bytes[$0..<$0 + 4]) }
        #expect(!words.contains(Array("tIME".utf8)))
        #expect(!words.contains(Array("tEXt".utf8)))
    }

    @Test func noiseThatDoesNotCompressFits() throws {
        for scale in [1, 2] {
            let image = Self.noise(700, 500, missing: 0, seed: 5)
            let bytes = try PNG.encode(image, scale: scale)
            #expect(bytes.count > 350_000)
            let size = PNG.Size(width: 700 * scale, height: 500 * scale)
            #expect(try PNG.decode(bytes, expecting: size).samples[0] == image.samples[0])
        }
    }

    @Test func aPictureBeyondTheLimitIsRefused() {
        let broad = GrayscaleImage(
            size: PNG.Size(width: 8192, height: 9), samples: Array(repeating: 0, count: 73728))
        #expect(
            throws: PNGError.outputTooLarge(
                PNG.Size(width: 262_144, height: 288), maximumPixels: PNG.maximumPixels)
        ) { try PNG.encode(broad, scale: 32) }
        // Few enough pixels, but a longer row than libpng takes.
        let long = GrayscaleImage(
            size: PNG.Size(width: 65536, height: 1), samples: Array(repeating: 0, count: 65536))
        #expect(
            throws: PNGError.outputTooLarge(
                PNG.Size(width: 1_048_576, height: 16), maximumPixels: PNG.maximumPixels)
        ) { try PNG.encode(long, scale: 16) }
    }
}
