import NormalizingFlows
import SeededRandom
import Testing

@Suite struct PatchGridTests {
    @Test(arguments: [(8, 8), (8, 9), (13, 31), (40, 8)], [1, 3, 4, 8])
    func everyPixelLiesInAPatchWhateverTheOffset(size: (rows: Int, columns: Int), stride: Int) {
        for row in 0..<stride {
            for column in 0..<stride {
                let grid = PatchGrid(
                    rows: size.rows, columns: size.columns, side: 8, stride: stride, offset: (row, column))
                for (starts, count) in [(grid.rows, size.rows), (grid.columns, size.columns)] {
                    #expect(starts == Array(Set(starts)).sorted())
                    #expect(starts.allSatisfy { 0...count - 8 ~= $0 })
                    for pixel in 0..<count { #expect(starts.contains { $0...$0 + 7 ~= pixel }) }
                }
            }
        }
    }

    /// Away from the border each start belongs to one offset: over all offsets every patch is met once.
    @Test func overAllOffsetsEveryPatchIsMetOnce() {
        let starts = (0..<4).flatMap {
            PatchGrid(rows: 50, columns: 50, side: 8, stride: 4, offset: ($0, 0)).rows
        }
        for start in 4..<38 { #expect(starts.count { $0 == start } == 1) }
    }

    @Test func onlyPatchesWithAMissingPixelAreTaken() {
        var generator = SplitMix64(seed: 1)
        let rows = 21, columns = 17
        let missing = (0..<rows * columns).map { _ in Int.random(in: 0..<60, using: &generator) == 0 }
        let picture = Picture(
            rows: rows, columns: columns, channels: 1, values: Array(repeating: 0, count: rows * columns),
            missing: missing)
        let grid = PatchGrid(rows: rows, columns: columns, side: 4, stride: 2, offset: (1, 0))
        let expected = grid.rows.flatMap { row in
            grid.columns.compactMap { column -> Int32? in
                let hasHole = (0..<16).contains { missing[(row + $0 / 4) * columns + column + $0 % 4] }
                return hasHole ? Int32(row * columns + column) : nil
            }
        }
        #expect(grid.places(touching: MissingCounts(picture)) == expected)
    }
}
