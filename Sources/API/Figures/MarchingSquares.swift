/// Contour lines of values on a rectangular grid (marching squares): each cell that a level
/// crosses gives a segment between points interpolated on its edges, and the segments join
/// to lines at the edges that they share.
package struct MarchingSquares {
    /// The grid's coordinates, and row by row (one for each y) the values; cells with a value
    /// that is not finite are left out.
    let x, y: [Double]
    let values: [Double]

    package struct Point: Hashable, Sendable {
        package var x, y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package init(x: [Double], y: [Double], values: [Double]) {
        precondition(values.count == x.count * y.count, "a value for each point of the grid")
        self.x = x
        self.y = y
        self.values = values
    }

    /// An edge of the grid: between (column, row) and its neighbour to the right or above.
    private struct Edge: Hashable {
        let column, row: Int
        let isHorizontal: Bool
    }

    package func lines(at level: Double) -> [[Point]] {
        var neighbours: [Edge: [Edge]] = [:]
        var order: [Edge] = []
        for row in 0..<y.count - 1 {
            for column in 0..<x.count - 1 {
                for (a, b) in segments(column, row, level) {
                    for (from, to) in [(a, b), (b, a)] {
                        if neighbours[from] == nil { order.append(from) }
                        neighbours[from, default: []].append(to)
                    }
                }
            }
        }
        // Open lines from their ends first, then the closed ones from anywhere.
        var lines: [[Point]] = []
        for start in order.filter({ neighbours[$0]?.count == 1 }) + order {
            guard neighbours[start]?.isEmpty == false else { continue }
            var line = [point(on: start, level)]
            var current = start
            while let next = neighbours[current]?.popLast() {
                if let back = neighbours[next]?.firstIndex(of: current) { neighbours[next]?.remove(at: back) }
                line.append(point(on: next, level))
                current = next
            }
            lines.append(line)
        }
        return lines
    }

    private func value(_ column: Int, _ row: Int) -> Double { values[row * x.count + column] }

    private func segments(_ column: Int, _ row: Int, _ level: Double) -> [(Edge, Edge)] {
        let a = value(column, row), b = value(column + 1, row)
        let c = value(column + 1, row + 1), d = value(column, row + 1)
        // Most cells are crossed by no level; they cost no arrays.
        if a > level && b > level && c > level && d > level { return [] }
        if a <= level && b <= level && c <= level && d <= level { return [] }
        let corners = [a, b, c, d]
        guard corners.allSatisfy(\.isFinite) else { return [] }
        let isAbove = corners.map { $0 > level }
        // Bottom, right, top, left: edge i lies between the corners i and i + 1.
        let edges = [
            Edge(column: column, row: row, isHorizontal: true),
            Edge(column: column + 1, row: row, isHorizontal: false),
            Edge(column: column, row: row + 1, isHorizontal: true),
            Edge(column: column, row: row, isHorizontal: false),
        ]
        let crossed = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }
        if crossed.count == 2 { return [(edges[crossed[0]], edges[crossed[1]])] }
        if crossed.count < 2 { return [] }
        // A saddle: the cell's mean says which opposite corners are connected.
        let isCenterAbove = corners.reduce(0, +) / 4 > level
        return isCenterAbove == isAbove[0]
            ? [(edges[0], edges[1]), (edges[2], edges[3])]
            : [(edges[3], edges[0]), (edges[1], edges[2])]
    }

    private func point(on edge: Edge, _ level: Double) -> Point {
        let (column, row) = (edge.column, edge.row)
        let a = value(column, row)
        let b = edge.isHorizontal ? value(column + 1, row) : value(column, row + 1)
        let share = (level - a) / (b - a)
        return edge.isHorizontal
            ? Point(x: x[column] + share * (x[column + 1] - x[column]), y: y[row])
            : Point(x: x[column], y: y[row] + share * (y[row + 1] - y[row]))
    }
}
