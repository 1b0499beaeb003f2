extension GrayscaleImage {
    /// The lines between pictures of a montage, and its empty cells: a grey that stands out from
    /// black grounds and white strokes alike.
    static let gutter = 0.5

    /// The pictures side by side from the left, one pixel of grey between neighbours.
    public static func strip(of pictures: [GrayscaleImage]) -> GrayscaleImage {
        grid(of: pictures, columns: pictures.count)
    }

    /// The pictures row by row, one pixel of grey between neighbours, as near to a square number
    /// of rows and columns as their count allows.
    public static func grid(of pictures: [GrayscaleImage]) -> GrayscaleImage {
        let side = Double(pictures.count).squareRoot().rounded(.up)
        return grid(of: pictures, columns: Int(side))
    }

    /// The pictures row by row in `columns` columns, one pixel of grey between neighbours; cells
    /// left over at the end are grey. All pictures must have one size.
    public static func grid(of pictures: [GrayscaleImage], columns: Int) -> GrayscaleImage {
        precondition(!pictures.isEmpty && columns >= 1, "a montage needs a picture and a column")
        let cell = pictures[0].size
        let rows = (pictures.count + columns - 1) / columns
        let size = PNG.Size(
            width: columns * (cell.width + 1) - 1, height: rows * (cell.height + 1) - 1)
        var montage = GrayscaleImage(
            size: size, samples: Array(repeating: gutter, count: size.pixels))
        for (i, picture) in pictures.enumerated() {
            precondition(picture.size == cell, "the pictures of a montage have one size")
            let top = i / columns * (cell.height + 1)
            let left = i % columns * (cell.width + 1)
            for row in 0..<cell.height {
                let from = row * cell.width..<(row + 1) * cell.width
                let start = (top + row) * size.width + left
                let to = start..<start + cell.width
                montage.samples.replaceSubrange(to, with: picture.samples[from])
                montage.known.replaceSubrange(to, with: picture.known[from])
            }
        }
        return montage
    }
}
