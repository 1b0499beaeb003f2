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

    /// The size that a file's header names; nothing else of it is read.
    static func size(of bytes: [UInt8]) throws(PNGError) -> Size { try PNGChunks(bytes).size }

    /// As ``decode(_:expecting:)``, with all that the file says of its colours, for any size of so many pixels.
    ///
    /// - Throws: `PNGError`, for an animation, too, and for a picture of 16 bits a channel some of whose known pixels are
    ///   partly transparent: libpng gives their colours multiplied by their opacity, and what was there is lost.
    public static func decodePhotograph(
        _ bytes: [UInt8], atMost pixels: Int
    ) throws(PNGError) -> Photograph {
        let chunks = try PNGChunks(bytes)
        guard chunks.size.isSupported, chunks.size.pixels <= pixels else {
            throw .tooManyPixels(chunks.size, limit: pixels)
        }
        let metadata = try PNGMetadata(of: chunks)
        var photograph: Photograph = try self.pixels(of: chunks)
        photograph.metadata = metadata.bytes
        try photograph.settleAlpha()
        return photograph
    }

    private static func pixels<Picture: PNGPicture>(of chunks: PNGChunks) throws(PNGError) -> Picture {
        let file = try chunks.essential()
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        // The simplified interface returns its errors: no longjmp crosses a Swift frame, and
        // nothing is written to standard error.
        defer { png_image_free(&header) }
        let image = try file.withUnsafeBytes { file -> Result<Picture?, PNGError> in
            guard png_image_begin_read_from_memory(&header, file.baseAddress, file.count) != 0
            else { return .success(nil) }
            let isColor = header.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
            if header.format & png_uint_32(PNG_FORMAT_FLAG_COLORMAP) != 0 {
                let picture = Picture(size: chunks.size, isColor: isColor, depth: 8)
                return Result { () throws(PNGError) in try readPalette(&header, into: picture) }
            }
            // libpng reports 16-bit files as linear, and takes them to be without gAMA: asked
            // for linear samples, it passes them on unchanged.
            let isDeep = header.format & png_uint_32(PNG_FORMAT_FLAG_LINEAR) != 0
            let picture = Picture(size: chunks.size, isColor: isColor, depth: isDeep ? 16 : 8)
            return .success(
                isDeep
                    ? read(&header, into: picture, as: UInt16.self) : read(&header, into: picture, as: UInt8.self))
        }.get()
        guard let image, header.warning_or_error == 0 else {
            throw .malformed(reason: "libpng says “\(message(of: header))”")
        }
        return image
    }

    /// The picture with red, green, blue and alpha of each pixel. Nil where libpng fails.
    private static func read<Picture: PNGPicture, Sample: FixedWidthInteger & UnsignedInteger>(
        _ header: inout png_image, into picture: Picture, as: Sample.Type
    ) -> Picture? {
        header.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_ALPHA)
        // libpng multiplies 16-bit colour by alpha, 8-bit colour it leaves alone.
        let isPremultiplied = Sample.bitWidth == 16
        if isPremultiplied { header.format |= png_uint_32(PNG_FORMAT_FLAG_LINEAR) }
        var channels = [Sample](repeating: 0, count: 4 * picture.size.pixels)
        guard png_image_finish_read(&header, nil, &channels, 0, nil) != 0 else { return nil }
        var picture = picture
        for i in 0..<picture.size.pixels {
            let color = PNGColor(channels[(4 * i)..<(4 * i + 4)], isPremultiplied)
            if color.isKnown { picture.set(i, to: color) }
        }
        return picture
    }

    /// The picture with a palette's colours at the pixels' indices. Nil where libpng fails.
    private static func readPalette<Picture: PNGPicture>(
        _ header: inout png_image, into picture: Picture
    ) throws(PNGError) -> Picture? {
        header.format =
            png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_ALPHA)
            | png_uint_32(PNG_FORMAT_FLAG_COLORMAP)
        let size = picture.size
        var palette = [UInt8](repeating: 0, count: 4 * 256)
        var indices = [UInt8](repeating: 0, count: size.pixels)
        guard png_image_finish_read(&header, nil, &indices, 0, &palette) != 0 else { return nil }
        let count = min(Int(header.colormap_entries), 256)
        if let pixel = indices.firstIndex(where: { $0 >= count }) {
            throw .malformed(
                reason: "the pixel in row \(pixel / size.width), column \(pixel % size.width) has colour "
                    + "\(indices[pixel]) of a palette that ends at colour \(count - 1)")
        }
        let colors = (0..<count).map { PNGColor(palette[(4 * $0)..<(4 * $0 + 4)], false) }
        var picture = picture
        for (pixel, index) in indices.enumerated() where colors[Int(index)].isKnown {
            picture.set(pixel, to: colors[Int(index)])
        }
        return picture
    }

    private static func message(of header: png_image) -> String {
        withUnsafeBytes(of: header.message) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
