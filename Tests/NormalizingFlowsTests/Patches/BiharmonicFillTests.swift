import NormalizingFlows
import SeededRandom
import Testing

@Suite struct BiharmonicFillTests {
    private static func fill(_ rows: Int, _ columns: Int, _ values: [Float], _ missing: [Bool]) -> [Float] {
        let fill = BiharmonicFill(rows: rows, columns: columns, values: values, missing: missing)
        while !fill.isFinished { fill.advance() }
        return fill.values
    }

    /// Σ (Δx)², neighbours beyond the border left out.
    private static func energy(_ x: [Float], _ rows: Int, _ columns: Int) -> Double {
        var sum = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                var laplacian = 0.0
                for (i, j) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
                where 0..<rows ~= i && 0..<columns ~= j {
                    laplacian += Double(x[i * columns + j]) - Double(x[row * columns + column])
                }
                sum += laplacian * laplacian
            }
        }
        return sum
    }

    @Test func aSlopeGoesOnThroughAHole() {
        let rows = 30, columns = 40
        let truth = (0..<rows * columns).map { Float($0 / columns) * 0.01 + Float($0 % columns) * 0.015 }
        let missing = truth.indices.map { 8..<17 ~= $0 / columns && 12..<23 ~= $0 % columns }
        let filled = Self.fill(rows, columns, zip(truth, missing).map { $1 ? 7 : $0 }, missing)
        for k in truth.indices { #expect(abs(filled[k] - truth[k]) < (missing[k] ? 2e-3 : 1e-9)) }
    }

    @Test(arguments: [(1, 9), (7, 1), (2, 2), (12, 17), (33, 20)], [0.2, 0.6, 0.9])
    func noOtherFillIsSmoother(size: (rows: Int, columns: Int), share: Double) {
        let (rows, columns) = size
        var generator = SplitMix64(seed: UInt64(rows))
        let values = (0..<rows * columns).map { _ in Float.random(in: 0...1, using: &generator) }
        var missing = values.map { _ in Double.random(in: 0..<1, using: &generator) < share }
        missing[rows * columns / 2] = false
        let filled = Self.fill(rows, columns, values, missing)
        let least = Self.energy(filled, rows, columns)
        for _ in 0..<20 {
            let other = filled.indices.map {
                missing[$0] ? filled[$0] + Float.random(in: -0.05...0.05, using: &generator) : filled[$0]
            }
            #expect(Self.energy(other, rows, columns) >= least * 0.9999)
        }
    }

    @Test func wherePixelsLackEverywhereButOneThatOneGoesOnForEver() {
        var missing = [Bool](repeating: true, count: 35)
        missing[17] = false
        #expect(Self.fill(5, 7, Array(repeating: 0.25, count: 35), missing).allSatisfy { abs($0 - 0.25) < 1e-4 })
    }

    @Test func withoutHolesNothingIsDone() {
        let values: [Float] = [0.1, 0.9, 0.3, 0.4]
        #expect(Self.fill(2, 2, values, [false, false, false, false]) == values)
    }
}
