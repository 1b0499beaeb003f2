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

    /// The pictures one below the other, one line of grey between neighbours. All must have one width.
    package static func stack(of pictures: [GrayscaleImage]) -> GrayscaleImage {
        precondition(!pictures.isEmpty, "a stack needs a picture")
        let width = pictures[0].width
        var samples: [Double] = [], known: [Bool] = []
        for (index, picture) in pictures.enumerated() {
            precondition(picture.width == width, "the pictures of a stack have one width")
            if index > 0 {
                samples += Array(repeating: gutter, count: width)
                known += Array(repeating: true, count: width)
            }
            samples += picture.samples
            known += picture.known
        }
        return GrayscaleImage(
            size: PNG.Size(width: width, height: samples.count / max(width, 1)), samples: samples, known: known)
    }

    /// Each pixel as a square of `scale` by `scale`.
    package func enlarged(_ scale: Int) -> GrayscaleImage {
        precondition(scale >= 1, "a picture is enlarged")
        let size = PNG.Size(width: width * scale, height: height * scale)
        let sources = (0..<size.pixels).map { $0 / size.width / scale * width + $0 % size.width / scale }
        return GrayscaleImage(size: size, samples: sources.map { samples[$0] }, known: sources.map { known[$0] })
    }
}
