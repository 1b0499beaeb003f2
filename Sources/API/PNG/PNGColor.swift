/// A pixel as a PNG has it, in whole numbers from 0 to `white`.
struct PNGColor {
    let red, green, blue, alpha, white: Int

    /// - Parameters:
    ///   - pixel: red, green, blue and alpha.
    ///   - isPremultiplied: whether the colours are multiplied by alpha; then the colour of a partly transparent pixel
    ///     comes out within 1/white.
    init<Sample: FixedWidthInteger & UnsignedInteger>(_ pixel: ArraySlice<Sample>, _ isPremultiplied: Bool) {
        let white = Int(Sample.max), first = pixel.startIndex, alpha = Int(pixel[first + 3])
        func channel(_ c: Int) -> Int {
            let value = Int(pixel[first + c])
            guard isPremultiplied && alpha < white && alpha > 0 else { return value }
            return min((value * white + alpha / 2) / alpha, white)
        }
        (red, green, blue) = (channel(0), channel(1), channel(2))
        self.alpha = alpha
        self.white = white
    }

    /// Whether the pixel is at least half opaque.
    var isKnown: Bool { 2 * alpha >= white }

    /// (299 R + 587 G + 114 B) / 1000 of 0…1, ITU-R BT.601; a grey is itself, exactly.
    var luma: Double { Double(299 * red + 587 * green + 114 * blue) / Double(1000 * white) }
}

/// What the pixels of a PNG can be read into.
protocol PNGPicture {
    var size: PNG.Size { get }

    /// A picture all of whose pixels are missing.
    ///
    /// - Parameters:
    ///   - isColor: whether the file has colours, or a palette of them.
    ///   - depth: bits a channel, 8 or 16; those of fewer are stretched to 8.
    init(size: PNG.Size, isColor: Bool, depth: Int)

    /// Sets a pixel that is known.
    mutating func set(_ pixel: Int, to color: PNGColor)
}
