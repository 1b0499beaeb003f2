import API
import Glibc
import Riviera
import Streams
import Testing

@Suite struct PatchCropsTests {
    private final class Folder {
        let path: String

        init() throws {
            path = "/tmp/riviera-crops-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            mkdir(path, 0o777)
        }

        /// - Parameter samples: of each channel of a pixel, by its row and column.
        func add(_ name: String, rows: Int, columns: Int, _ samples: (Int, Int) -> [UInt16]) throws {
            let pixels = (0..<rows * columns).map { samples($0 / columns, $0 % columns) }
            let photograph = Photograph(
                size: PNG.Size(width: columns, height: rows), channels: pixels[0].count, samples: pixels.flatMap { $0 })
            try writeFile(try PNG.encode(photograph), "\(path)/\(name)")
        }

        deinit { _ = try? ChildProcess.output(of: "rm", ["-r", path], input: []) }
    }

    /// In a photograph that is a plane a crop is one, too, along two of four directions, and has 0.8 to 1.1 times its slopes;
    /// those of the half-sized one are twice as steep.
    @Test func cropsLieInAllEightWaysWithALittleMoreOrLessContrast() throws {
        let folder = try Folder()
        try folder.add("a.png", rows: 24, columns: 30) { [UInt16(60 + $0 + 5 * $1)] }
        let crops = try PatchCrops.read(folder.path, side: 5, count: 2000, seed: 1)
        #expect(crops.count == 2000 && crops.rows == 5 && crops.columns == 5)
        var ways: Set<[Bool]> = [], halves = 0
        for crop in 0..<crops.count {
            let bytes = crops.bytes[crop * 25..<(crop + 1) * 25].map { Double($0) }
            let down = (bytes[20] - bytes[0]) / 4, right = (bytes[4] - bytes[0]) / 4
            let steep = max(down.magnitude, right.magnitude), flat = min(down.magnitude, right.magnitude)
            let isHalf = steep > 6.5
            if isHalf { halves += 1 }
            #expect(((isHalf ? 8 : 4) - 0.26)...((isHalf ? 11 : 5.5) + 0.26) ~= steep)
            #expect(((isHalf ? 1.6 : 0.8) - 0.26)...((isHalf ? 2.2 : 1.1) + 0.26) ~= flat)
            ways.insert([down < 0, right < 0, down.magnitude > right.magnitude])
            for k in 0..<25 { #expect(abs(bytes[k] - bytes[0] - down * Double(k / 5) - right * Double(k % 5)) < 1.6) }
        }
        #expect(ways.count == 8)
        // By their places, 8 · 11 of 20 · 26 + 8 · 11.
        #expect(abs(Double(halves) / 2000 - 88 / 608.0) < 0.04)
        #expect(try PatchCrops.read(folder.path, side: 5, count: 2000, seed: 1).bytes == crops.bytes)
        #expect(try PatchCrops.read(folder.path, side: 5, count: 2000, seed: 2).bytes != crops.bytes)
    }

    /// Three in five are the mean of the colours, the others opponent colours about the middle.
    @Test func coloursGiveTheirMeanAndTheirOppositions() throws {
        let folder = try Folder()
        try folder.add("a.png", rows: 16, columns: 16) { _, _ in [200, 80, 110] }
        let crops = try PatchCrops.read(folder.path, side: 4, count: 3000, seed: 1)
        // About 127.5: (200 + 80 + 110) / 3, 90 / √2, 150 / √6.
        let offsets = [130 - 127.5, 90 / 2.0.squareRoot(), 150 / 6.0.squareRoot()]
        var counts = [0, 0, 0]
        for crop in 0..<3000 {
            let byte = Double(crops.bytes[16 * crop]) - 127.5
            let view = offsets.firstIndex { (0.8 * $0 - 0.6)...(1.1 * $0 + 0.6) ~= byte }
            counts[try #require(view)] += 1
        }
        #expect(abs(Double(counts[0]) / 3000 - 0.6) < 0.04)
        #expect(abs(Double(counts[1]) / 3000 - 0.2) < 0.04)
    }

    @Test func aPhotographSmallerThanAPatchIsNamed() throws {
        let folder = try Folder()
        try folder.add("tiny.png", rows: 4, columns: 90) { _, _ in [1] }
        let error = #expect(throws: FileError.self) {
            try PatchCrops.read(folder.path, side: 5, count: 10, seed: 1)
        }
        #expect(error.map { "\($0)".contains("tiny.png") } == true)
    }
}
