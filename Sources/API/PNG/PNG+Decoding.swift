import CPNG

extension PNG {
    /// The picture in a PNG of exactly the `expected` size: any bit depth, colour type and
    /// interlacing.
    ///
    /// - A sample's value is the stored number over the greatest of its depth, whatever gamma or
    ///   colour profile the file names: a grey byte b is `Double(b) / 255`, exactly.
    /// - Colour turns to grey by the luma of ITU-R BT.601, (299 R + 587 G + 114 B) / 1000, of the
    ///   stored values; so a grey that is stored as a colour keeps its value exactly, too.
    /// - A pixel less than half opaque is missing. One at least half opaque is known, with its
    ///   stored colour, not one mixed with a background; where a 16-bit pixel is partly
    ///   transparent its colour comes out within 1/65535.
    /// - A palette's index that names no colour is an error, where libpng draws black.
    ///
    /// - Throws: `PNGError`. The size is checked in the header before anything is allocated.
    public static func decode(
        _ bytes: [UInt8], expecting expected: Size
    ) throws(PNGError) -> GrayscaleImage {
        precondition(expected.isSupported, "at most maximumPixels")
        let chunks = try PNGChunks(bytes)
        guard chunks.size == expected else { throw .wrongSize(chunks.size, expected: expected) }
        return try pixels(of: chunks)
    }

    /// As ``decode(_:expecting:)``, for any size whose columns and rows are within the `limit`.
    public static func decode(
        _ bytes: [UInt8], atMost limit: Size
    ) throws(PNGError) -> GrayscaleImage {
        precondition(limit.isSupported, "at most maximumPixels")
        let chunks = try PNGChunks(bytes)
        guard chunks.size.fits(in: limit) else { throw .tooLarge(chunks.size, limit: limit) }
        return try pixels(of: chunks)
    }

    private static func pixels(of chunks: PNGChunks) throws(PNGError) -> GrayscaleImage {
        let file = try chunks.essential()
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        // The simplified interface returns its errors: no longjmp crosses a Swift frame, and
        // nothing is written to standard error.
        defer { png_image_free(&header) }
        let image = try file.withUnsafeBytes { file -> Result<GrayscaleImage?, PNGError> in
            guard png_image_begin_read_from_memory(&header, file.baseAddress, file.count) != 0
            else { return .success(nil) }
            if header.format & png_uint_32(PNG_FORMAT_FLAG_COLORMAP) != 0 {
                return Result { () throws(PNGError) in try readPalette(&header, chunks.size) }
            }
            // libpng reports 16-bit files as linear, and takes them to be without gAMA: asked
            // for linear samples, it passes them on unchanged.
            let isDeep = header.format & png_uint_32(PNG_FORMAT_FLAG_LINEAR) != 0
            return .success(
                isDeep
                    ? read(&header, chunks.size, as: UInt16.self)
                    : read(&header, chunks.size, as: UInt8.self))
        }.get()
        guard let image, header.warning_or_error == 0 else {
            throw .malformed(reason: "libpng says “\(message(of: header))”")
        }
        return image
    }

    /// Red, green, blue and alpha of each pixel, turned into grey. Nil where libpng fails.
    private static func read<Sample: FixedWidthInteger & UnsignedInteger>(
        _ header: inout png_image, _ size: Size, as: Sample.Type
    ) -> GrayscaleImage? {
        header.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_ALPHA)
        // libpng multiplies 16-bit colour by alpha, 8-bit colour it leaves alone.
        let isPremultiplied = Sample.bitWidth == 16
        if isPremultiplied { header.format |= png_uint_32(PNG_FORMAT_FLAG_LINEAR) }
        var channels = [Sample](repeating: 0, count: 4 * size.pixels)
        guard png_image_finish_read(&header, nil, &channels, 0, nil) != 0 else { return nil }

        var samples = [Double](repeating: 0, count: size.pixels)
        var known = [Bool](repeating: false, count: size.pixels)
        for i in 0..<size.pixels {
            guard let gray = gray(channels[(4 * i)..<(4 * i + 4)], isPremultiplied) else { continue }
            (samples[i], known[i]) = (gray, true)
        }
        return GrayscaleImage(size: size, samples: samples, known: known)
    }

    /// A palette's colours, turned into grey, at the pixels' indices. Nil where libpng fails.
    private static func readPalette(_ header: inout png_image, _ size: Size) throws(PNGError) -> GrayscaleImage? {
        header.format =
            png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_ALPHA)
            | png_uint_32(PNG_FORMAT_FLAG_COLORMAP)
        var palette = [UInt8](repeating: 0, count: 4 * 256)
        var indices = [UInt8](repeating: 0, count: size.pixels)
        guard png_image_finish_read(&header, nil, &indices, 0, &palette) != 0 else { return nil }
        let count = min(Int(header.colormap_entries), 256)
        if let pixel = indices.firstIndex(where: { $0 >= count }) {
            throw .malformed(
                reason: "the pixel in row \(pixel / size.width), column \(pixel % size.width) has colour "
                    + "\(indices[pixel]) of a palette that ends at colour \(count - 1)")
        }
        let grays = (0..<count).map { gray(palette[(4 * $0)..<(4 * $0 + 4)], false) }
        return GrayscaleImage(
            size: size, samples: indices.map { grays[Int($0)] ?? 0 }, known: indices.map { grays[Int($0)] != nil })
    }

    /// The luma of red, green, blue and alpha; nil where the pixel is less than half opaque.
    private static func gray<Sample: FixedWidthInteger & UnsignedInteger>(
        _ pixel: ArraySlice<Sample>, _ isPremultiplied: Bool
    ) -> Double? {
        let white = Int(Sample.max), first = pixel.startIndex, alpha = Int(pixel[first + 3])
        guard 2 * alpha >= white else { return nil }
        func channel(_ c: Int) -> Int {
            let value = Int(pixel[first + c])
            guard isPremultiplied && alpha < white else { return value }
            return min((value * white + alpha / 2) / alpha, white)
        }
        return Double(299 * channel(0) + 587 * channel(1) + 114 * channel(2)) / Double(1000 * white)
    }

    private static func message(of header: png_image) -> String {
        withUnsafeBytes(of: header.message) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
