import API
import Statistics
import Streams
import Training

/// Square pieces of the photographs in a folder, to learn a prior of patches from.
package enum PatchCrops {
    /// Samples of all photographs together.
    private static let mostSamples = 1 << 30

    /// So many grey pieces, each at a random place of a random photograph, in one of the eight ways in which a square can lie,
    /// with 0.8 to 1.1 times its contrast. Larger photographs give more of them; each stands beside itself at half the size.
    ///
    /// A photograph in colours gives its mean of red, green and blue three times in five, else one of its opponent colours:
    /// what a prior of patches sees of one (`PatchAscent`).
    ///
    /// - Parameters:
    ///   - side: rows and columns of a piece.
    ///   - seed: the same pieces for the same seed.
    /// - Throws: `FileError`, one line that names the file.
    package static func read(_ folder: String, side: Int, count: Int, seed: UInt64) throws -> ImageSet {
        var views: [Views] = [], total = 0
        for path in try TrainingImages.pictures(in: folder) {
            let photograph = try photograph(path)
            guard photograph.size.width >= side, photograph.size.height >= side else {
                throw FileError(path, "has \(photograph.size) pixels, fewer than a patch of \(side)×\(side)")
            }
            total += 2 * photograph.samples.count
            guard total <= mostSamples else {
                throw FileError(folder, "has more than \(mostSamples / 2) samples in all")
            }
            let whole = Views(photograph), half = whole.halved()
            views.append(whole)
            if min(half.rows, half.columns) >= side { views.append(half) }
        }
        return crops(views, side: side, count: count, seed: seed)
    }

    private static func photograph(_ path: String) throws(FileError) -> Photograph {
        let photograph: Photograph
        do {
            photograph = try PNG.decodePhotograph(try readFile(path, atMost: 1 << 30), atMost: PNG.maximumPixels)
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError(path, "\(error)")
        }
        guard photograph.known.allSatisfy({ $0 }) else {
            throw FileError(path, "has transparent pixels, which are missing: training needs whole photographs")
        }
        return photograph
    }

    private static func crops(_ views: [Views], side: Int, count: Int, seed: UInt64) -> ImageSet {
        var ends: [Int] = [], places = 0
        for view in views {
            places += (view.rows - side + 1) * (view.columns - side + 1)
            ends.append(places)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * side * side)
        for number in 0..<count {
            var generator = PhiloxGenerator(Philox(seed: seed, stream: streams + UInt64(number)))
            var place = Int.random(in: 0..<places, using: &generator)
            let index = ends.firstIndex { place < $0 } ?? 0, view = views[index]
            if index > 0 { place -= ends[index - 1] }
            let width = view.columns - side + 1
            let crop = Crop(
                row: place / width, column: place % width, side: side,
                turn: Int.random(in: 0..<8, using: &generator), kind: Int.random(in: 0..<5, using: &generator),
                contrast: Double.random(in: 0.8...1.1, using: &generator))
            view.append(crop, to: &bytes)
        }
        return ImageSet(rows: side, columns: side, bytes: bytes)
    }

    /// Apart from the streams of the training's own random numbers.
    private static let streams: UInt64 = 1 << 62

    private struct Crop {
        let row, column, side: Int
        /// Mirrored where it is odd, turned by quarters of a circle.
        let turn: Int
        /// 0 … 2: the mean of red, green and blue; 3 and 4: an opponent colour.
        let kind: Int
        let contrast: Double
    }

    /// What a prior sees of a photograph, view by view: 0…1 as 0…255, not rounded.
    private struct Views {
        let rows, columns, count: Int
        private let values: [Float]

        init(_ photograph: Photograph) {
            rows = photograph.size.height
            columns = photograph.size.width
            count = photograph.channels
            values = photograph.picture.opponentColors.map { 255 * $0 }
        }

        private init(rows: Int, columns: Int, count: Int, values: [Float]) {
            self.rows = rows
            self.columns = columns
            self.count = count
            self.values = values
        }

        /// Half as many rows and columns, each pixel the mean of four; an odd last row or column is left out.
        func halved() -> Views {
            let newRows = rows / 2, newColumns = columns / 2
            var means: [Float] = []
            means.reserveCapacity(count * newRows * newColumns)
            for view in 0..<count {
                for row in 0..<newRows {
                    for column in 0..<newColumns {
                        let place = (view * rows + 2 * row) * columns + 2 * column
                        let sum =
                            values[place] + values[place + 1] + values[place + columns] + values[place + columns + 1]
                        means.append(0.25 * sum)
                    }
                }
            }
            return Views(rows: newRows, columns: newColumns, count: count, values: means)
        }

        func append(_ crop: Crop, to target: inout [UInt8]) {
            let view = count == 3 ? max(crop.kind - 2, 0) : 0, side = crop.side
            for i in 0..<side {
                for j in 0..<side {
                    var (y, x) = (i, crop.turn & 1 == 0 ? j : side - 1 - j)
                    for _ in 0..<crop.turn >> 1 { (y, x) = (x, side - 1 - y) }
                    let value = Double(values[(view * rows + crop.row + y) * columns + crop.column + x])
                    target.append(UInt8(min(max(((value - 127.5) * crop.contrast + 127.5).rounded(), 0), 255)))
                }
            }
        }
    }
}
