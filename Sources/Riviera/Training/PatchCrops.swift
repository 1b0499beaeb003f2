import API
import Statistics
import Streams
import Training

/// Square pieces of the photographs in a folder, to learn a prior of patches from.
package enum PatchCrops {
    /// Samples of all photographs together.
    private static let mostSamples = 1 << 30

    /// So many pieces, each at a random place of a random photograph, in one of the eight ways in which a square can lie.
    /// Larger photographs give more of them.
    ///
    /// - Parameters:
    ///   - side: rows and columns of a piece.
    ///   - isColor: red, green and blue, else the luma.
    ///   - seed: the same pieces for the same seed.
    /// - Throws: `FileError`, one line that names the file.
    package static func read(
        _ folder: String, side: Int, count: Int, isColor: Bool, seed: UInt64
    ) throws -> ImageSet {
        var planes: [Planes] = [], total = 0
        for path in try TrainingImages.pictures(in: folder) {
            let photograph = try photograph(path)
            guard photograph.size.width >= side, photograph.size.height >= side else {
                throw FileError(path, "has \(photograph.size) pixels, fewer than a patch of \(side)×\(side)")
            }
            total += photograph.size.pixels * (isColor ? 3 : 1)
            guard total <= mostSamples else { throw FileError(folder, "has more than \(mostSamples) samples in all") }
            planes.append(Planes(photograph, isColor: isColor))
        }
        return crops(planes, side: side, count: count, channels: isColor ? 3 : 1, seed: seed)
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

    private static func crops(
        _ planes: [Planes], side: Int, count: Int, channels: Int, seed: UInt64
    ) -> ImageSet {
        var ends: [Int] = [], places = 0
        for plane in planes {
            places += (plane.rows - side + 1) * (plane.columns - side + 1)
            ends.append(places)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * channels * side * side)
        for number in 0..<count {
            var generator = PhiloxGenerator(Philox(seed: seed, stream: streams + UInt64(number)))
            var place = Int.random(in: 0..<places, using: &generator)
            let turn = Int.random(in: 0..<8, using: &generator)
            let index = ends.firstIndex { place < $0 } ?? 0, plane = planes[index]
            if index > 0 { place -= ends[index - 1] }
            let width = plane.columns - side + 1
            plane.append(row: place / width, column: place % width, side: side, turn: turn, to: &bytes)
        }
        return ImageSet(channels: channels, rows: side, columns: side, bytes: bytes)
    }

    /// Apart from the streams of the training's own random numbers.
    private static let streams: UInt64 = 1 << 62

    /// A photograph's bytes, channel by channel.
    private struct Planes {
        let rows, columns, channels: Int
        private let bytes: [UInt8]

        init(_ photograph: Photograph, isColor: Bool) {
            rows = photograph.size.height
            columns = photograph.size.width
            channels = isColor ? 3 : 1
            let white = photograph.white, own = photograph.channels, samples = photograph.samples
            var bytes: [UInt8] = []
            bytes.reserveCapacity(channels * rows * columns)
            for channel in 0..<channels {
                for pixel in 0..<rows * columns {
                    func sample(_ c: Int) -> Int { Int(samples[pixel * own + min(c, own - 1)]) }
                    let value =
                        isColor ? 1000 * sample(channel) : 299 * sample(0) + 587 * sample(1) + 114 * sample(2)
                    bytes.append(UInt8((value * 255 + 500 * white) / (1000 * white)))
                }
            }
            self.bytes = bytes
        }

        /// - Parameter turn: mirrored where it is odd, turned by quarters of a circle.
        func append(row: Int, column: Int, side: Int, turn: Int, to target: inout [UInt8]) {
            for channel in 0..<channels {
                let start = channel * rows * columns
                for i in 0..<side {
                    for j in 0..<side {
                        var (y, x) = (i, turn & 1 == 0 ? j : side - 1 - j)
                        for _ in 0..<turn >> 1 { (y, x) = (x, side - 1 - y) }
                        target.append(bytes[start + (row + y) * columns + column + x])
                    }
                }
            }
        }
    }
}
