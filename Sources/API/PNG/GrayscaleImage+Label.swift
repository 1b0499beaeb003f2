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
