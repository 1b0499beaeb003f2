/// The positions of several images, in order of image, row, column; each has channels that lie one after the other.
///
/// A 3×3 convolution is one of these two and a product of matrices. Both write, or add, numbers in an order of their
/// own, so that bits depend on nothing else. A grid of one position has no neighbours: its only tap is the position
/// itself, and the convolution a product.
package struct Grid: Sendable {
    package let images, rows, columns: Int

    package init(images: Int, rows: Int, columns: Int) {
        self.images = images
        self.rows = rows
        self.columns = columns
    }

    package var count: Int { images * rows * columns }

    /// Positions that a position's sum sees: itself alone, or itself and eight neighbours.
    package var taps: Int { reach == 0 ? 1 : 9 }
    /// How far the neighbours are.
    private var reach: Int { rows == 1 && columns == 1 ? 0 : 1 }

    /// target(p, tap · tapStride + j) ← source(neighbour of p at the tap, j), 0 beyond the border.
    ///
    /// Of nine taps, number 3 (di + 1) + dj + 1 is the neighbour di rows down and dj columns right.
    ///
    /// - Parameters:
    ///   - source: (count, channels), `sourceStride` numbers from one position to the next; nil: `channels`.
    ///   - stride: of `target`, from one position to the next.
    ///   - tapStride: from one tap to the next; nil: `channels`.
    package func gather(
        _ source: UnsafePointer<Float>, channels: Int, sourceStride: Int? = nil,
        into target: UnsafeMutablePointer<Float>, stride: Int, tapStride: Int? = nil
    ) {
        let sourceStride = sourceStride ?? channels, tapStride = tapStride ?? channels, reach = reach
        for image in 0..<images {
            for i in 0..<rows {
                for j in 0..<columns {
                    let place = (image * rows + i) * columns + j
                    var out = target + place * stride
                    for di in -reach...reach {
                        for dj in -reach...reach {
                            if i + di >= 0, i + di < rows, j + dj >= 0, j + dj < columns {
                                copy(source + (place + di * columns + dj) * sourceStride, into: out, channels)
                            } else {
                                out.update(repeating: 0, count: channels)
                            }
                            out += tapStride
                        }
                    }
                }
            }
        }
    }

    /// target(neighbour of p at the tap, j) += source(p, tap · tapStride + j): the adjoint of `gather`. Each sum
    /// begins with what `target` holds and goes on in order of the tap.
    ///
    /// - Parameters:
    ///   - stride: of `source`.
    ///   - targetStride: nil: `channels`.
    package func scatter(
        _ source: UnsafePointer<Float>, stride: Int, tapStride: Int? = nil, channels: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int? = nil
    ) {
        let targetStride = targetStride ?? channels, tapStride = tapStride ?? channels, reach = reach
        for image in 0..<images {
            for i in 0..<rows {
                for j in 0..<columns {
                    let place = (image * rows + i) * columns + j
                    let sum = target + place * targetStride
                    var tap = 0
                    for di in -reach...reach {
                        for dj in -reach...reach {
                            if i - di >= 0, i - di < rows, j - dj >= 0, j - dj < columns {
                                add(
                                    source + (place - di * columns - dj) * stride + tap * tapStride, to: sum, channels)
                            }
                            tap += 1
                        }
                    }
                }
            }
        }
    }
}

/// Few numbers, for which a call would take longer than the copy.
@inline(__always)
func copy(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, _ count: Int) {
    var k = 0
    while k + 8 <= count {
        let numbers = UnsafeRawPointer(source + k).loadUnaligned(as: SIMD8<Float>.self)
        UnsafeMutableRawPointer(target + k).storeBytes(of: numbers, as: SIMD8<Float>.self)
        k += 8
    }
    while k < count {
        target[k] = source[k]
        k += 1
    }
}

@inline(__always)
private func add(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ count: Int) {
    var k = 0
    while k + 8 <= count {
        let numbers = UnsafeRawPointer(source + k).loadUnaligned(as: SIMD8<Float>.self)
        let sum = UnsafeRawPointer(target + k).loadUnaligned(as: SIMD8<Float>.self) + numbers
        UnsafeMutableRawPointer(target + k).storeBytes(of: sum, as: SIMD8<Float>.self)
        k += 8
    }
    while k < count {
        target[k] += source[k]
        k += 1
    }
}
