import CPNG

extension PNG {
    /// How missing pixels are drawn.
    public enum Holes: Sendable {
        /// As transparent ones: what `decode` reads as missing again.
        case transparent
        /// As opaque ones of a colour that no grey is mistaken for.
        case tinted
    }

    /// How many times a picture may be enlarged.
    public static let scales = 1...32

    /// The colour of tinted holes, a blue.
    static let tint: (red: UInt8, green: UInt8, blue: UInt8) = (0x1F, 0x77, 0xB4)

    /// The byte of a sample: round(255·v), halves away from zero, of v clamped to 0…1; 0 for what
    /// is not a number. It turns `Double(b) / 255` back into b.
    public static func byte(of sample: Double) -> UInt8 {
        // In this order of arguments `max` gives 0 for a NaN.
        UInt8((255 * min(max(0, sample), 1)).rounded(.toNearestOrAwayFromZero))
    }

    /// A PNG of the picture, 8 bits a channel: grey; grey and alpha where pixels are missing, or
    /// red, green, blue where these are tinted.
    ///
    /// Each pixel becomes a square of `scale` by `scale`. The bytes are a function of the
    /// arguments, for one libpng and one zlib: they hold no time.
    ///
    /// - Parameter scale: within ``scales``.
    /// - Throws: `PNGError.outputTooLarge` above ``maximumPixels``.
    public static func encode(
        _ image: GrayscaleImage, scale: Int = 1, holes: Holes = .transparent
    ) throws(PNGError) -> [UInt8] {
        precondition(scales ~= scale, "scale is checked by whoever takes it from a client")
        let size = Size(width: image.width * scale, height: image.height * scale)
        guard size.isSupported else {
            throw .outputTooLarge(size, maximumPixels: maximumPixels)
        }
        let layout: Layout =
            image.known.contains(false) ? (holes == .tinted ? .color : .grayAlpha) : .gray
        var channels: [UInt8] = []
        channels.reserveCapacity(size.pixels * layout.channels)
        var line: [UInt8] = []
        for row in 0..<image.height {
            line.removeAll(keepingCapacity: true)
            for i in row * image.width..<(row + 1) * image.width {
                let gray = image.known[i] ? byte(of: image.samples[i]) : nil
                for _ in 0..<scale { layout.append(gray, to: &line) }
            }
            for _ in 0..<scale { channels.append(contentsOf: line) }
        }
        // Filters gain nothing on rows that repeat, and cost ten times the rest.
        let flags = scale == 1 ? 0 : png_uint_32(PNG_IMAGE_FLAG_FAST)
        precondition(channels.count == size.pixels * layout.channels, "libpng trusts the size")
        return write(channels, size: size, format: layout.format, flags: flags)
    }

    /// The channels of a pixel in the file.
    private enum Layout {
        case gray, grayAlpha, color

        var channels: Int {
            switch self {
            case .gray: 1
            case .grayAlpha: 2
            case .color: 3
            }
        }

        /// libpng's word for it.
        var format: png_uint_32 {
            switch self {
            case .gray: png_uint_32(PNG_FORMAT_GRAY)
            case .grayAlpha: png_uint_32(PNG_FORMAT_FLAG_ALPHA)
            case .color: png_uint_32(PNG_FORMAT_FLAG_COLOR)
            }
        }

        /// One pixel; nil is a missing one.
        func append(_ gray: UInt8?, to channels: inout [UInt8]) {
            switch self {
            case .gray:
                channels.append(gray ?? 0)
            case .grayAlpha:
                channels.append(gray ?? 0)
                channels.append(gray == nil ? 0 : 255)
            case .color:
                channels.append(gray ?? tint.red)
                channels.append(gray ?? tint.green)
                channels.append(gray ?? tint.blue)
            }
        }
    }

    private static func write(
        _ channels: [UInt8], size: Size, format: png_uint_32, flags: png_uint_32
    ) -> [UInt8] {
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        header.width = png_uint_32(size.width)
        header.height = png_uint_32(size.height)
        header.format = format
        header.flags = flags
        defer { png_image_free(&header) }
        // zlib's bound for deflate with any settings, a chunk head each 8 KiB of it, and the
        // fixed chunks.
        let filtered = channels.count + size.height
        let deflated = filtered + (filtered + 7) / 8 + (filtered + 63) / 64 + 11
        let capacity = deflated + 12 * (deflated / 8192 + 1) + 512
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var length = png_alloc_size_t(capacity)
            let written = png_image_write_to_memory(
                &header, buffer.baseAddress, &length, 0, channels, 0, nil)
            precondition(written != 0, "libpng writes what it is given")
            count = Int(length)
        }
    }
}
