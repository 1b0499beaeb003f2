/// The numbers that a field may take, and how an error describes them.
package protocol NumberRange<Bound>: CustomStringConvertible, Sendable {
    associatedtype Bound
    func contains(_ value: Bound) -> Bool
    /// The same for a schema.
    var bounds: NumberBounds { get }
}

/// Any finite number.
package struct AnyFinite: NumberRange {
    package init() {}
    package func contains(_ value: Double) -> Bool { value.isFinite }
    package var description: String { "a finite number" }
    package var bounds: NumberBounds { .none }
}

/// lower ≤ x ≤ upper.
package struct Between: NumberRange {
    let lower, upper: Double
    package init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
    package func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
    package var description: String {
        "between \(JSONText.number(lower)) and \(JSONText.number(upper))"
    }
    package var bounds: NumberBounds { NumberBounds(from: lower, to: upper) }
}

/// lower < x < upper.
package struct StrictlyBetween: NumberRange {
    let lower, upper: Double
    package init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
    package func contains(_ value: Double) -> Bool { value > lower && value < upper }
    package var description: String {
        "above \(JSONText.number(lower)) and below \(JSONText.number(upper))"
    }
    package var bounds: NumberBounds { NumberBounds(above: lower, below: upper) }
}

/// 0 < x ≤ most.
package struct Positive: NumberRange {
    let most: Double
    package init(atMost most: Double = 1e300) { self.most = most }
    package func contains(_ value: Double) -> Bool { value > 0 && value <= most }
    package var description: String { "above 0 and at most \(JSONText.number(most))" }
    package var bounds: NumberBounds {
        NumberBounds(lower: .init(value: 0, isIncluded: false), upper: .init(value: most, isIncluded: true))
    }
}

/// 0 ≤ x ≤ most.
package struct NonNegative: NumberRange {
    let most: Double
    package init(atMost most: Double = 1e300) { self.most = most }
    package func contains(_ value: Double) -> Bool { value >= 0 && value <= most }
    package var description: String { "at least 0 and at most \(JSONText.number(most))" }
    package var bounds: NumberBounds { NumberBounds(from: 0, to: most) }
}
