import API
import Testing

@Suite struct MarchingSquaresTests {
    private let grid = (0..<81).map { -2 + Double($0) * 0.05 }

    private func field(_ f: (Double, Double) -> Double) -> MarchingSquares {
        MarchingSquares(x: grid, y: grid, values: grid.flatMap { y in grid.map { x in f(x, y) } })
    }

    @Test(arguments: [0.5, 1, 1.5]) func aCirclesContourIsOneClosedCircle(radius: Double) throws {
        let lines = field { $0 * $0 + $1 * $1 }.lines(at: radius * radius)
        #expect(lines.count == 1)
        let circle = try #require(lines.first)
        #expect(circle.first == circle.last)
        for point in circle {
            let distance = (point.x * point.x + point.y * point.y).squareRoot()
            #expect(abs(distance - radius) <= 0.05 * 0.05 / radius)
        }
        // Every piece is a cell's at most, so none is missing.
        for (a, b) in zip(circle, circle.dropFirst()) {
            #expect(abs(a.x - b.x) <= 0.0501 && abs(a.y - b.y) <= 0.0501)
        }
    }

    @Test func linesThatLeaveTheGridEndOnItsBorder() {
        let lines = field { x, y in x * y }.lines(at: 0.3)
        #expect(lines.count == 2)
        for line in lines {
            for end in [line.first!, line.last!] {
                #expect(max(abs(end.x), abs(end.y)) >= 1.9999)
            }
        }
    }

    @Test func cellsWithoutAValueAreLeftOut() {
        let lines = field { x, y in x < 0.52 ? .nan : x * x + y * y }.lines(at: 1)
        #expect(!lines.isEmpty)
        #expect(lines.joined().allSatisfy { $0.x >= 0.52 })
    }
}
