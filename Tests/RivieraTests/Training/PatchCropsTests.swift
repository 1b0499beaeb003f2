import API
import Glibc
import Riviera
import Streams
import Testing

@Suite struct PatchCropsTests {
    /// A folder with a photograph in which each pixel's red tells its row, its green its column.
    private final class Folder {
        let path: String

        init() throws {
            path = "/tmp/riviera-crops-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            mkdir(path, 0o777)
        }

        func add(_ name: String, rows: Int, columns: Int, blue: UInt16) throws {
            let samples = (0..<rows * columns).flatMap { [UInt16($0 / columns), UInt16($0 % columns), blue] }
            let photograph = Photograph(
                size: PNG.Size(width: columns, height: rows), channels: 3, samples: samples)
            try writeFile(try PNG.encode(photograph), "\(path)/\(name)")
        }

        deinit { _ = try? ChildProcess.output(of: "rm", ["-r", path], input: []) }
    }

    @Test func cropsAreSquaresOfTheirPhotographsInEveryPosition() throws {
        let folder = try Folder()
        try folder.add("a.png", rows: 20, columns: 30, blue: 7)
        try folder.add("b.png", rows: 50, columns: 9, blue: 9)
        let crops = try PatchCrops.read(folder.path, side: 5, count: 4000, isColor: true, seed: 1)
        #expect(crops.count == 4000 && crops.channels == 3 && crops.rows == 5 && crops.columns == 5)
        var positions: Set<[Int]> = [], fromB = 0
        for crop in 0..<crops.count {
            let bytes = crops.bytes[crop * 75..<(crop + 1) * 75].map(Int.init)
            let blue = bytes[50]
            #expect(bytes[50...].allSatisfy { $0 == blue } && (blue == 7 || blue == 9))
            if blue == 9 { fromB += 1 }
            // Steps along the crop's rows and columns: one of the eight ways in which a square can lie.
            let down = [bytes[5] - bytes[0], bytes[30] - bytes[25]],
                right = [bytes[1] - bytes[0], bytes[26] - bytes[25]]
            positions.insert(down + right)
            for i in 0..<5 {
                for j in 0..<5 {
                    #expect(bytes[5 * i + j] == bytes[0] + i * down[0] + j * right[0])
                    #expect(bytes[25 + 5 * i + j] == bytes[25] + i * down[1] + j * right[1])
                }
            }
        }
        #expect(positions.count == 8)
        // By their places, 16 · 26 and 46 · 5.
        #expect(abs(Double(fromB) / 4000 - 230 / 646.0) < 0.04)
        #expect(try PatchCrops.read(folder.path, side: 5, count: 4000, isColor: true, seed: 1).bytes == crops.bytes)
        #expect(try PatchCrops.read(folder.path, side: 5, count: 4000, isColor: true, seed: 2).bytes != crops.bytes)
    }

    @Test func greyCropsAreLuma() throws {
        let folder = try Folder()
        try folder.add("a.png", rows: 6, columns: 6, blue: 100)
        let crops = try PatchCrops.read(folder.path, side: 6, count: 10, isColor: false, seed: 1)
        #expect(crops.channels == 1)
        let lumas = (0..<36).map { UInt8((299 * ($0 / 6) + 587 * ($0 % 6) + 114 * 100 + 500) / 1000) }
        for crop in 0..<10 { #expect(crops.bytes[36 * crop..<36 * (crop + 1)].sorted() == lumas.sorted()) }
    }

    @Test func aPhotographSmallerThanAPatchIsNamed() throws {
        let folder = try Folder()
        try folder.add("tiny.png", rows: 4, columns: 90, blue: 1)
        let error = #expect(throws: FileError.self) {
            try PatchCrops.read(folder.path, side: 5, count: 10, isColor: true, seed: 1)
        }
        #expect(error.map { "\($0)".contains("tiny.png") } == true)
    }
}
