import Projections
import SeededRandom

extension SplitMix64 {
    mutating func point(_ count: Int, scale: Double) -> [Double] {
        (0..<count).map { _ in Double.random(in: -scale...scale, using: &self) }
    }
}

/// One of each set, in dimension 4, and every degenerate one.
func allSets() throws -> [any ConvexSet<Double>] {
    [
        try Box([Interval(fixed: 0.3), Interval(min: 0, max: 1), Interval(min: -1), .free]),
        try Box([.free, .free, .free, Interval(max: -2)]),
        try Ball(center: [1, -2, 0.5, 0], radius: 1.5),
        try Ball(center: [1, -2, 0.5, 0], radius: 0),
        try Simplex(total: 1),
        try Simplex(total: 7.5),
        try Simplex(total: 0),
        try HalfSpace(normal: [1, -1, 0, 2], offset: 0.5),
        try HalfSpace(normal: [0, 0, -1e200, 0], offset: -1e200),
        try HalfSpace(normal: [1e-200, 0, 0, 2e-200], offset: 0),
    ]
}

func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
func difference(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 - $1 } }
