extension GrayscaleImage {
    /// The picture below a black band in which `text` is written in white capitals, three pixels wide and
    /// five high. A text that is wider than the picture is left out; the band remains.
    ///
    /// - Parameter text: letters of `PixelFont`; any other character leaves a gap.
    package func labelled(_ text: String) -> GrayscaleImage {
        let band = PixelFont.height + 2
        let size = PNG.Size(width: width, height: height + band)
        var label = [Double](repeating: 0, count: band * width)
        if text.count * (PixelFont.width + 1) - 1 <= width - 2 {
            for (index, letter) in text.enumerated() {
                let left = 1 + index * (PixelFont.width + 1)
                for (row, bits) in PixelFont.rows(of: letter).enumerated() {
                    for column in 0..<PixelFont.width where bits >> (PixelFont.width - 1 - column) & 1 == 1 {
                        label[(row + 1) * width + left + column] = 1
                    }
                }
            }
        }
        return GrayscaleImage(
            size: size, samples: label + samples,
            known: Array(repeating: true, count: label.count) + known)
    }
}

/// The capitals of the labels, as bits: three columns, five rows, the leftmost column first.
private enum PixelFont {
    static let width = 3
    static let height = 5

    static func rows(of letter: Character) -> [UInt8] {
        switch letter {
        case "E": [0b111, 0b100, 0b110, 0b100, 0b111]
        case "H": [0b101, 0b101, 0b111, 0b101, 0b101]
        case "L": [0b100, 0b100, 0b100, 0b100, 0b111]
        case "O": [0b111, 0b101, 0b101, 0b101, 0b111]
        case "R": [0b110, 0b101, 0b110, 0b101, 0b101]
        case "S": [0b111, 0b100, 0b111, 0b001, 0b111]
        case "T": [0b111, 0b010, 0b010, 0b010, 0b010]
        case "U": [0b101, 0b101, 0b101, 0b101, 0b111]
        default: []
        }
    }
}
