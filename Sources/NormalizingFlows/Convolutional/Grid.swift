/// The positions of several images, in order of image, row, column; each has channels that lie one after the other.
///
/// A 3×3 convolution is one of these two and a product of matrices. Both write, or add, numbers in an order of their
/// own, so that bits depend on nothing else.
package struct Grid: Sendable {
    package let images, rows, columns: Int

    package init(images: Int, rows: Int, columns: Int) {
        self.images = images
        self.rows = rows
        self.columns = columns
    }

    package var count: Int { images * rows * columns }

    /// target(p, tap · channels + j) ← source(neighbour of p at the tap, j), 0 beyond the border.
    ///
    /// Tap 3 (di + 1) + dj + 1 is the neighbour di rows down and dj columns right.
    ///
    /// - Parameters:
    ///   - source: (count, channels) without room between two positions.
    ///   - stride: of `target`, from one position to the next.
    package func gather(
        _ source: UnsafePointer<Float>, channels: Int, into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        for image in 0..<images {
            for i in 0..<rows {
                for j in 0..<columns {
                    let place = (image * rows + i) * columns + j
                    for di in -1...1 {
                        let out = target + place * stride + (di + 1) * 3 * channels
                        guard i + di >= 0, i + di < rows else {
                            out.update(repeating: 0, count: 3 * channels)
                            continue
                        }
                        let line = source + (place + di * columns) * channels
                        let first = j == 0 ? 0 : -1, last = j == columns - 1 ? 0 : 1
                        if first == 0 { out.update(repeating: 0, count: channels) }
                        if last == 0 { (out + 2 * channels).update(repeating: 0, count: channels) }
                        (out + (first + 1) * channels).update(
                            from: line + first * channels, count: (last - first + 1) * channels)
                    }
                }
            }
        }
    }

    /// target(neighbour of p at the tap, j) += source(p, tap · channels + j): the adjoint of `gather`. Each sum
    /// begins with what `target` holds and goes on in order of the tap.
    ///
    /// - Parameter stride: of `source`.
    package func scatter(
        _ source: UnsafePointer<Float>, stride: Int, channels: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for image in 0..<images {
            for i in 0..<rows {
                for j in 0..<columns {
                    let place = (image * rows + i) * columns + j
                    let sum = target + place * channels
                    for di in -1...1 where i - di >= 0 && i - di < rows {
                        for dj in -1...1 where j - dj >= 0 && j - dj < columns {
                            let term =
                                source + (place - di * columns - dj) * stride
                                + ((di + 1) * 3 + dj + 1) * channels
                            for k in 0..<channels { sum[k] += term[k] }
                        }
                    }
                }
            }
        }
    }
}
