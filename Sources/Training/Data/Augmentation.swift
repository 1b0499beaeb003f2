import Statistics

/// How a training image is moved each time that it is shown, by a random amount: a model that has seen an image in
/// many places learns what they have in common.
public struct Augmentation: Sendable, Hashable {
    /// Pixels, up and down, left and right: each a whole number within ± this.
    public var shift: Int
    /// Degrees about the middle, within ± this.
    public var rotation: Double
    /// The share of showings that are moved at all.
    public var share: Double

    public init(shift: Int = 0, rotation: Double = 0, share: Double = 1) {
        self.shift = shift
        self.rotation = rotation
        self.share = share
    }

    var isActive: Bool { (shift > 0 || rotation > 0) && share > 0 }

    /// Writes the image `source`, moved as the random numbers say, to `target`. Beyond an edge the image goes on as
    /// it is at the edge; between pixels values are interpolated and rounded.
    ///
    /// - Parameter words: four uniform random words.
    package func move(
        _ source: UnsafePointer<UInt8>, rows: Int, columns: Int, by words: SIMD4<UInt32>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        func uniform(_ word: UInt32) -> Double { (Double(word) + 0.5) * 0x1p-32 }
        guard uniform(words.w & 0xffff_0000 | words.x >> 16) < share else {
            return target.update(from: source, count: rows * columns)
        }
        let width = Double(2 * shift + 1)
        let down = Int(uniform(words.x) * width) - shift, right = Int(uniform(words.y) * width) - shift
        let angle = (2 * uniform(words.z) - 1) * rotation * .pi / 180
        func pixel(_ row: Int, _ column: Int) -> Double {
            Double(source[min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)])
        }
        guard rotation > 0 else {
            for row in 0..<rows {
                let from = min(max(row - down, 0), rows - 1) * columns
                for column in 0..<columns {
                    target[row * columns + column] = source[from + min(max(column - right, 0), columns - 1)]
                }
            }
            return
        }
        let cosine = ElementaryFunction.cos(angle), sine = ElementaryFunction.sin(angle)
        let middleRow = Double(rows - 1) / 2, middleColumn = Double(columns - 1) / 2
        for row in 0..<rows {
            for column in 0..<columns {
                let y = Double(row - down) - middleRow, x = Double(column - right) - middleColumn
                let sourceRow = middleRow + cosine * y - sine * x, sourceColumn = middleColumn + sine * y + cosine * x
                let r = sourceRow.rounded(.down), c = sourceColumn.rounded(.down)
                let (a, b) = (sourceRow - r, sourceColumn - c)
                let value =
                    (1 - a) * ((1 - b) * pixel(Int(r), Int(c)) + b * pixel(Int(r), Int(c) + 1))
                    + a * ((1 - b) * pixel(Int(r) + 1, Int(c)) + b * pixel(Int(r) + 1, Int(c) + 1))
                target[row * columns + column] = UInt8(min(max(value.rounded(), 0), 255))
            }
        }
    }
}
