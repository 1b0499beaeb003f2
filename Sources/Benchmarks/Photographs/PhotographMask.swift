import API
import Statistics

/// Which pixels of a photograph are missing: damage of five kinds. That of picture i is drawn from stream i of the seed.
package enum PhotographMask: String, CaseIterable, Sendable {
    /// Lines of capitals with strokes of two pixels over the whole picture, as large as a font of 18 points or so.
    case text
    /// 24 straight scratches, two to four pixels wide, between random points.
    case scratches
    /// Half, and four fifths, of all pixels.
    case random50, random80
    /// 40 squares of 12 × 12 pixels.
    case blocks

    package var title: String {
        switch self {
        case .text, .scratches, .blocks: rawValue
        case .random50: "random 50 %"
        case .random80: "random 80 %"
        }
    }

    /// True where a pixel is missing, row by row.
    package func missing(rows: Int, columns: Int, picture: Int, seed: UInt64) -> [Bool] {
        let randomness = Philox(seed: seed, stream: UInt64(picture))
        var generator = PhiloxGenerator(randomness)
        var canvas = Canvas(rows: rows, columns: columns)
        switch self {
        case .text: canvas.write(Self.words, using: &generator)
        case .scratches:
            for _ in 0..<24 {
                canvas.scratch(width: Int.random(in: 2...4, using: &generator), using: &generator)
            }
        case .random50: return Self.random(rows * columns / 2, of: rows * columns, randomness)
        case .random80: return Self.random(rows * columns * 4 / 5, of: rows * columns, randomness)
        case .blocks:
            for _ in 0..<40 {
                let row = Int.random(in: 0...max(rows - 12, 0), using: &generator)
                let column = Int.random(in: 0...max(columns - 12, 0), using: &generator)
                canvas.fill(rows: row..<row + 12, columns: column..<column + 12)
            }
        }
        return canvas.missing
    }

    private static func random(_ missing: Int, of count: Int, _ randomness: Philox) -> [Bool] {
        QualityMask.known(allBut: missing, of: count, randomness).map { !$0 }
    }

    private static let words = Array("THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG 0123456789 ")
}

/// What is painted on.
private struct Canvas {
    let rows, columns: Int
    private(set) var missing: [Bool]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        missing = Array(repeating: false, count: rows * columns)
    }

    mutating func fill(rows: Range<Int>, columns: Range<Int>) {
        for row in rows.clamped(to: 0..<self.rows) {
            for column in columns.clamped(to: 0..<self.columns) { missing[row * self.columns + column] = true }
        }
    }

    /// Lines of text, each from another place in it.
    mutating func write(_ words: [Character], using generator: inout some RandomNumberGenerator) {
        let scale = 2, pitch = 28, advance = scale * (PixelFont.width + 1)
        for top in stride(from: 4, to: max(rows, 5), by: pitch) {
            var index = Int.random(in: 0..<words.count, using: &generator)
            for left in stride(from: 2, to: max(columns, 3), by: advance) {
                for (row, bits) in PixelFont.rows(of: words[index]).enumerated() {
                    for column in 0..<PixelFont.width where bits >> (PixelFont.width - 1 - column) & 1 == 1 {
                        let y = top + scale * row, x = left + scale * column
                        fill(rows: y..<y + scale, columns: x..<x + scale)
                    }
                }
                index = (index + 1) % words.count
            }
        }
    }

    /// A line between two random points.
    mutating func scratch(width: Int, using generator: inout some RandomNumberGenerator) {
        func point() -> (row: Double, column: Double) {
            (
                Double.random(in: 0..<Double(rows), using: &generator),
                Double.random(in: 0..<Double(columns), using: &generator)
            )
        }
        let from = point(), to = point()
        let steps = max((to.row - from.row).magnitude, (to.column - from.column).magnitude).rounded(.up)
        for step in stride(from: 0, through: max(steps, 1), by: 1) {
            let share = step / max(steps, 1)
            let row = Int(from.row + share * (to.row - from.row)) - width / 2
            let column = Int(from.column + share * (to.column - from.column)) - width / 2
            // Across the line's direction, so that it is as wide as it is said to be.
            if (to.row - from.row).magnitude > (to.column - from.column).magnitude {
                fill(rows: row..<row + 1, columns: column..<column + width)
            } else {
                fill(rows: row..<row + width, columns: column..<column + 1)
            }
        }
    }
}
