/// How a PNG's header says that pixels become bytes (W3C 2025, sections 7 and 8).
struct PNGLayout {
    private let bitsPerPixel: Int
    private let isInterlaced: Bool

    /// - Throws: `PNGError.malformed` for a depth or a colour type that the format does not have.
    init(depth: Int, colorType: Int, isInterlaced: Bool) throws(PNGError) {
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]
        guard [1, 2, 4, 8, 16].contains(depth), let channels = channels[colorType] else {
            throw .malformed(reason: "its header has colour type \(colorType) with \(depth) bits a channel")
        }
        bitsPerPixel = depth * channels
        self.isInterlaced = isInterlaced
    }

    /// Of all rows, each with a byte for its filter. A size that is never read has any number.
    func bytes(of size: PNG.Size) -> Int {
        guard size.isSupported else { return 0 }
        if !isInterlaced { return bytes(columns: size.width, rows: size.height) }
        // Adam7: where each pass begins, and how far its pixels are apart.
        let passes = [
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
        ]
        return passes.reduce(0) { sum, pass in
            let (x, y, dx, dy) = pass
            return sum + bytes(
                columns: (size.width - x + dx - 1) / dx, rows: (size.height - y + dy - 1) / dy)
        }
    }

    private func bytes(columns: Int, rows: Int) -> Int {
        columns > 0 && rows > 0 ? rows * (1 + (columns * bitsPerPixel + 7) / 8) : 0
    }
}
