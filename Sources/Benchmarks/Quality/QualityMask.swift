import Statistics

/// Which pixels of each image are missing.
package struct QualityMask: Sendable {
    package let name: String
    /// Of image number i: true where a pixel is known, row by row.
    package let known: @Sendable (_ image: Int) -> [Bool]

    package init(name: String, known: @escaping @Sendable (_ image: Int) -> [Bool]) {
        self.name = name
        self.known = known
    }

    /// The names that `named` knows.
    package static let names = ["box", "centre", "top", "random50", "random80"]

    /// A mask by its name: `box` is rows 5:12 and columns 5:20 of 28 (of other sizes as much of the whole), `centre` the
    /// middle half of both, `top` the upper half; of `random50` and `random80` half and four fifths of the pixels are
    /// missing, others in each image: those of image i are drawn from stream i of the seed.
    ///
    /// - Returns: nil for any other name.
    package static func named(_ name: String, rows: Int, columns: Int, seed: UInt64) -> QualityMask? {
        func box(_ missingRows: Range<Int>, _ missingColumns: Range<Int>) -> QualityMask {
            let known = (0..<rows * columns).map {
                !(missingRows.contains($0 / columns) && missingColumns.contains($0 % columns))
            }
            return QualityMask(name: name) { _ in known }
        }
        switch name {
        case "box":
            return box(rows * 5 / 28..<rows * 12 / 28, columns * 5 / 28..<columns * 20 / 28)
        case "centre":
            return box(rows / 4..<rows - rows / 4, columns / 4..<columns - columns / 4)
        case "top":
            return box(0..<rows / 2, 0..<columns)
        case "random50":
            return random(name, missing: rows * columns / 2, of: rows * columns, seed: seed)
        case "random80":
            return random(name, missing: rows * columns * 4 / 5, of: rows * columns, seed: seed)
        default:
            return nil
        }
    }

    /// So many missing pixels.
    private static func random(_ name: String, missing: Int, of count: Int, seed: UInt64) -> QualityMask {
        QualityMask(name: name) { image in
            known(allBut: missing, of: count, Philox(seed: seed, stream: UInt64(image)))
        }
    }

    /// False for so many of `count` pixels: those with the smallest random numbers.
    static func known(allBut missing: Int, of count: Int, _ randomness: Philox) -> [Bool] {
        let chances = UniformDistribution.standard.draws(count, from: randomness)
        let order = (0..<count).sorted { (chances[$0], $0) < (chances[$1], $1) }
        var known = [Bool](repeating: true, count: count)
        for k in order.prefix(missing) { known[k] = false }
        return known
    }
}
