extension GrayscaleImage {
    /// The picture below a black band in which `text` is written in white capitals, three pixels wide and
    /// five high. A text that is wider than the picture is left out; the band remains.
    ///
    /// - Parameter text: letters of `PixelFont`; any other character leaves a gap.
    package func labelled(_ text: String) -> GrayscaleImage {
        let band = PixelFont.height + 2
        let size = PNG.Size(width: width, height: height + band)
        var label = [Double](repeating: 0, count: band * width)
        if text.count <= longestLabel {
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

extension GrayscaleImage {
    /// How many characters a label of this picture's width can have.
    package var longestLabel: Int { max(0, (width - 1) / (PixelFont.width + 1)) }
}

/// The capitals, digits and signs of the labels, as bits: three columns, five rows, the leftmost column first.
private enum PixelFont {
    static let width = 3
    static let height = 5

    static func rows(of letter: Character) -> [UInt8] {
        switch letter {
        case "A": [0b010, 0b101, 0b111, 0b101, 0b101]
        case "B": [0b110, 0b101, 0b110, 0b101, 0b110]
        case "C": [0b011, 0b100, 0b100, 0b100, 0b011]
        case "D": [0b110, 0b101, 0b101, 0b101, 0b110]
        case "E": [0b111, 0b100, 0b110, 0b100, 0b111]
        case "F": [0b111, 0b100, 0b110, 0b100, 0b100]
        case "G": [0b011, 0b100, 0b101, 0b101, 0b011]
        case "H": [0b101, 0b101, 0b111, 0b101, 0b101]
        case "I": [0b111, 0b010, 0b010, 0b010, 0b111]
        case "J": [0b001, 0b001, 0b001, 0b101, 0b010]
        case "K": [0b101, 0b101, 0b110, 0b101, 0b101]
        case "L": [0b100, 0b100, 0b100, 0b100, 0b111]
        case "M": [0b101, 0b111, 0b111, 0b101, 0b101]
        case "N": [0b110, 0b101, 0b101, 0b101, 0b101]
        case "O": [0b111, 0b101, 0b101, 0b101, 0b111]
        case "P": [0b110, 0b101, 0b110, 0b100, 0b100]
        case "Q": [0b010, 0b101, 0b101, 0b111, 0b011]
        case "R": [0b110, 0b101, 0b110, 0b101, 0b101]
        case "S": [0b111, 0b100, 0b111, 0b001, 0b111]
        case "T": [0b111, 0b010, 0b010, 0b010, 0b010]
        case "U": [0b101, 0b101, 0b101, 0b101, 0b111]
        case "V": [0b101, 0b101, 0b101, 0b101, 0b010]
        case "W": [0b101, 0b101, 0b111, 0b111, 0b101]
        case "X": [0b101, 0b101, 0b010, 0b101, 0b101]
        case "Y": [0b101, 0b101, 0b010, 0b010, 0b010]
        case "Z": [0b111, 0b001, 0b010, 0b100, 0b111]
        case "0": [0b010, 0b101, 0b101, 0b101, 0b010]
        case "1": [0b010, 0b110, 0b010, 0b010, 0b111]
        case "2": [0b110, 0b001, 0b010, 0b100, 0b111]
        case "3": [0b110, 0b001, 0b010, 0b001, 0b110]
        case "4": [0b101, 0b101, 0b111, 0b001, 0b001]
        case "5": [0b111, 0b100, 0b110, 0b001, 0b110]
        case "6": [0b011, 0b100, 0b110, 0b101, 0b010]
        case "7": [0b111, 0b001, 0b010, 0b010, 0b010]
        case "8": [0b010, 0b101, 0b010, 0b101, 0b010]
        case "9": [0b010, 0b101, 0b011, 0b001, 0b110]
        case "@": [0b010, 0b101, 0b111, 0b100, 0b011]
        case "-": [0b000, 0b000, 0b111, 0b000, 0b000]
        case ".": [0b000, 0b000, 0b000, 0b000, 0b010]
        default: []
        }
    }
}
