import API
import Testing

@Suite struct GrayscaleImageMontageTests {
    static let pictures = (0..<7).map {
        PNGEncodingTests.noise(5, 4, missing: 0.3, seed: UInt64($0))
    }

    @Test(arguments: 1...7, 1...8) func everyPixelOfAGridIsACellsOrGray(count: Int, columns: Int) {
        let grid = GrayscaleImage.grid(of: Array(Self.pictures[..<count]), columns: columns)
        let rows = (count + columns - 1) / columns
        #expect(grid.size == PNG.Size(width: columns * 6 - 1, height: rows * 5 - 1))
        var expected = grid
        for at in 0..<grid.size.pixels {
            let (y, x) = at.quotientAndRemainder(dividingBy: grid.width)
            let cell = y / 5 * columns + x / 6
            let isGutter = x % 6 == 5 || y % 5 == 4 || cell >= count
            let from = y % 5 * 5 + x % 6
            expected.samples[at] = isGutter ? 0.5 : Self.pictures[cell].samples[from]
            expected.known[at] = isGutter || Self.pictures[cell].known[from]
        }
        #expect(firstDifference(grid, expected) == nil)
    }

    @Test func aStripIsAGridOfOneRow() {
        let row = GrayscaleImage.grid(of: Self.pictures, columns: 7)
        #expect(firstDifference(GrayscaleImage.strip(of: Self.pictures), row) == nil)
        let one = GrayscaleImage.strip(of: [Self.pictures[0]])
        #expect(firstDifference(one, Self.pictures[0]) == nil)
    }

    @Test func aGridIsNearlySquare() {
        for (count, columns) in [(1, 1), (2, 2), (4, 2), (5, 3), (7, 3)] {
            let pictures = Array(Self.pictures[..<count])
            let grid = GrayscaleImage.grid(of: pictures, columns: columns)
            #expect(firstDifference(GrayscaleImage.grid(of: pictures), grid) == nil)
        }
    }
}
