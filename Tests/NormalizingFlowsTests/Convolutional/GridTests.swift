import NormalizingFlows
import Statistics
import Testing

@Suite struct GridTests {
    static let grids = [
        Grid(images: 1, rows: 1, columns: 1), Grid(images: 2, rows: 1, columns: 3),
        Grid(images: 2, rows: 4, columns: 1),
        Grid(images: 3, rows: 3, columns: 5),
    ]

    static func numbers(_ count: Int, _ stream: UInt64) -> [Float] {
        NormalDistribution.standard.draws(count, from: Philox(seed: 1, stream: stream)).map { Float($0) }
    }

    @Test(arguments: grids.indices) func gatherTakesEachNeighborOrZero(number: Int) {
        let grid = Self.grids[number], channels = 2, stride = 9 * channels + 3
        #expect(grid.taps == (number == 0 ? 1 : 9))
        let reach = grid.taps == 1 ? 0...0 : -1...1
        let source = Self.numbers(grid.count * channels, 0)
        var target = [Float](repeating: .nan, count: grid.count * stride)
        grid.gather(source, channels: channels, into: &target, stride: stride)
        for image in 0..<grid.images {
            for i in 0..<grid.rows {
                for j in 0..<grid.columns {
                    let place = (image * grid.rows + i) * grid.columns + j
                    for di in reach {
                        for dj in reach {
                            let isInside =
                                (0..<grid.rows).contains(i + di) && (0..<grid.columns).contains(j + dj)
                            for k in 0..<channels {
                                let expected =
                                    isInside ? source[(place + di * grid.columns + dj) * channels + k] : 0
                                let tap = grid.taps == 1 ? 0 : 3 * (di + 1) + dj + 1
                                #expect(target[place * stride + tap * channels + k] == expected)
                            }
                        }
                    }
                }
            }
        }
    }

    /// ⟨gather x, y⟩ = ⟨x, scatter y⟩ for all x and y.
    @Test(arguments: grids.indices) func scatterIsTheAdjointOfGather(number: Int) {
        let grid = Self.grids[number], channels = 3, stride = 9 * channels
        let x = Self.numbers(grid.count * channels, 1), y = Self.numbers(grid.count * stride, 2)
        var gathered = [Float](repeating: 0, count: grid.count * stride)
        grid.gather(x, channels: channels, into: &gathered, stride: stride)
        var scattered = [Float](repeating: 0, count: grid.count * channels)
        grid.scatter(y, stride: stride, channels: channels, into: &scattered)
        func inner(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        #expect(abs(inner(gathered, y) - inner(x, scattered)) < 1e-4)
    }

    @Test func scatterAddsToWhatIsThere() {
        let grid = Self.grids[3], y = Self.numbers(grid.count * 9, 2)
        var once = [Float](repeating: 0, count: grid.count), twice = [Float](repeating: 5, count: grid.count)
        grid.scatter(y, stride: 9, channels: 1, into: &once)
        grid.scatter(y, stride: 9, channels: 1, into: &twice)
        for (a, b) in zip(once, twice) { #expect(abs(b - a - 5) < 1e-5) }
    }
}
