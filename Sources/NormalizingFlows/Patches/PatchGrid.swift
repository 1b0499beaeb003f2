/// Where patches of one size lie on a picture: on a grid of a stride, moved by an offset; those that would stick out are
/// moved to the border. Every pixel lies in a patch where the stride is at most the side.
package struct PatchGrid {
    package let side: Int
    /// First rows and first columns, in order.
    package let rows, columns: [Int]

    /// - Precondition: the picture has at least `side` rows and columns, and 0 ≤ offset < stride ≤ side.
    package init(rows: Int, columns: Int, side: Int, stride: Int, offset: (row: Int, column: Int)) {
        precondition(rows >= side && columns >= side && 1...side ~= stride)
        self.side = side
        self.rows = Self.starts(rows, side, stride, offset.row)
        self.columns = Self.starts(columns, side, stride, offset.column)
    }

    private static func starts(_ count: Int, _ side: Int, _ stride: Int, _ offset: Int) -> [Int] {
        var starts: [Int] = []
        var start = offset == 0 ? 0 : offset - stride
        while true {
            let place = min(max(start, 0), count - side)
            if starts.last != place { starts.append(place) }
            if start >= count - side { return starts }
            start += stride
        }
    }

    /// How many of the starts' patches cover each row, or column.
    package static func coverage(_ starts: [Int], side: Int, count: Int) -> [Float] {
        var coverage = [Float](repeating: 0, count: count)
        for start in starts {
            for place in start..<start + side { coverage[place] += 1 }
        }
        return coverage
    }

    /// First pixels, row · columns + column of the picture, of the patches that have a missing pixel.
    package func places(touching missing: MissingCounts) -> [Int32] {
        var places: [Int32] = []
        for row in rows {
            for column in columns where missing.count(row: row, column: column, side: side) > 0 {
                places.append(Int32(truncatingIfNeeded: row * missing.columns + column))
            }
        }
        return places
    }
}

/// How many pixels are missing in any square of a picture.
package struct MissingCounts {
    let columns: Int
    /// (rows + 1, columns + 1): how many are missing above and to the left.
    private let sums: [Int32]

    package init(_ picture: Picture) {
        columns = picture.columns
        let stride = columns + 1
        var sums = [Int32](repeating: 0, count: (picture.rows + 1) * stride)
        for row in 0..<picture.rows {
            var line: Int32 = 0
            for column in 0..<columns {
                if picture.missing[row * columns + column] { line += 1 }
                sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + line
            }
        }
        self.sums = sums
    }

    package func count(row: Int, column: Int, side: Int) -> Int {
        let stride = columns + 1
        return Int(
            sums[(row + side) * stride + column + side] - sums[row * stride + column + side]
                - sums[(row + side) * stride + column] + sums[row * stride + column])
    }
}
