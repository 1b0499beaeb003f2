import API

/// Pictures of what methods made of the first images: a row an image under one of the masks, with the truth, the hole and
/// each method's answer side by side.
package struct ContactSheet {
    private let quality: InpaintingQuality
    private let pictures: Int
    /// Pixels of the sheet a pixel of an image.
    private static let scale = 3

    /// - Parameter pictures: how many images, the first ones; no more than `quality` has.
    package init(of quality: InpaintingQuality, pictures: Int) {
        self.quality = quality
        self.pictures = min(pictures, quality.images.count)
    }

    /// The masks take turns, so that a few rows show all of them.
    ///
    /// - Parameter columns: for each mask those of the same methods in the same order.
    package func png(_ columns: [QualityColumn], masks: [QualityMask]) throws(PNGError) -> [UInt8] {
        guard let first = masks.first else { return [] }
        let methods = columns.filter { $0.mask == first.name }.map(\.method)
        let size = PNG.Size(width: quality.columns, height: quality.rows)
        var cells: [GrayscaleImage] = []
        for index in 0..<pictures {
            let mask = masks[index % masks.count], truth = quality.images[index]
            let answers = columns.filter { $0.mask == mask.name }.map { $0.filled[index] }
            cells.append(GrayscaleImage(size: size, samples: truth))
            cells.append(GrayscaleImage(size: size, samples: truth, known: mask.known(index)))
            cells += answers.map { GrayscaleImage(size: size, samples: $0) }
        }
        let grid = GrayscaleImage.grid(of: cells.map { $0.enlarged(Self.scale) }, columns: methods.count + 2)
        let line = PNG.Size(width: quality.columns * Self.scale, height: 1)
        let cell = GrayscaleImage(size: line, samples: Array(repeating: 0, count: line.pixels))
        let header = GrayscaleImage.strip(
            of: (["truth", "hole"] + methods).map { cell.labelled(Self.label($0, in: cell)) })
        return try PNG.encode(.stack(of: [header, grid]), holes: .tinted)
    }

    /// As much of a method's name as a label can show.
    private static func label(_ name: String, in cell: GrayscaleImage) -> String {
        let words = name.uppercased().map { $0 == "_" || $0 == ":" ? " " : $0 }
        return String(words.prefix(cell.longestLabel))
    }
}
