/// The numbers from `lower` to `upper`, either of which may be infinite: where a value surely is.
///
/// Not rounded outwards: these bounds tell what is smooth from what is not, and are wide compared
/// with rounding errors wherever that matters.
package struct Enclosure: Hashable, Sendable {
    package var lower, upper: Double

    package init(_ lower: Double, _ upper: Double) {
        // A bound that came out as no number is no bound.
        self.lower = lower.isNaN ? -.infinity : lower
        self.upper = upper.isNaN ? .infinity : upper
    }

    package init(_ value: Double) { self.init(value, value) }

    static let zero = Enclosure(0, 0)
    /// No bound at all.
    static let unbounded = Enclosure(-.infinity, .infinity)

    /// The largest absolute value.
    package var magnitude: Double { max(abs(lower), abs(upper)) }
    package var width: Double { upper - lower }
    var isZero: Bool { lower == 0 && upper == 0 }
    func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

    static func + (a: Enclosure, b: Enclosure) -> Enclosure { Enclosure(a.lower + b.lower, a.upper + b.upper) }
    static func - (a: Enclosure, b: Enclosure) -> Enclosure { Enclosure(a.lower - b.upper, a.upper - b.lower) }
    static prefix func - (a: Enclosure) -> Enclosure { Enclosure(-a.upper, -a.lower) }

    static func * (a: Enclosure, b: Enclosure) -> Enclosure {
        let (p, q) = (product(a.lower, b.lower), product(a.lower, b.upper))
        let (r, s) = (product(a.upper, b.lower), product(a.upper, b.upper))
        return Enclosure(min(min(p, q), min(r, s)), max(max(p, q), max(r, s)))
    }

    static func * (a: Enclosure, factor: Double) -> Enclosure {
        let (p, q) = (product(a.lower, factor), product(a.upper, factor))
        return p <= q ? Enclosure(p, q) : Enclosure(q, p)
    }

    /// Unbounded where the divisor may be 0.
    static func / (a: Enclosure, b: Enclosure) -> Enclosure {
        b.contains(0) ? .unbounded : a * Enclosure(1 / b.upper, 1 / b.lower)
    }

    /// 0 times whatever a bound stands for is 0.
    private static func product(_ x: Double, _ y: Double) -> Double { x == 0 || y == 0 ? 0 : x * y }
}
