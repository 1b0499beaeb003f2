/// The numbers that a field may take, and how an error describes them.
public protocol NumberRange<Bound>: CustomStringConvertible {
    associatedtype Bound
    func contains(_ value: Bound) -> Bool
}

/// Any finite number.
public struct AnyFinite: NumberRange {
    public init() {}
    public func contains(_ value: Double) -> Bool { value.isFinite }
    public var description: String { "a finite number" }
}

/// lower ≤ x ≤ upper.
public struct Between: NumberRange {
    let lower, upper: Double
    public init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
    public func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
    public var description: String {
        "between \(JSONText.number(lower)) and \(JSONText.number(upper))"
    }
}

/// lower < x < upper.
public struct StrictlyBetween: NumberRange {
    let lower, upper: Double
    public init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
    public func contains(_ value: Double) -> Bool { value > lower && value < upper }
    public var description: String {
        "above \(JSONText.number(lower)) and below \(JSONText.number(upper))"
    }
}

/// 0 < x ≤ most.
public struct Positive: NumberRange {
    let most: Double
    public init(atMost most: Double = 1e300) { self.most = most }
    public func contains(_ value: Double) -> Bool { value > 0 && value <= most }
    public var description: String { "above 0 and at most \(JSONText.number(most))" }
}

/// 0 ≤ x ≤ most.
public struct NonNegative: NumberRange {
    let most: Double
    public init(atMost most: Double = 1e300) { self.most = most }
    public func contains(_ value: Double) -> Bool { value >= 0 && value <= most }
    public var description: String { "at least 0 and at most \(JSONText.number(most))" }
}
