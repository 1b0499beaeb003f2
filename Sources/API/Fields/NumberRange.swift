/// The numbers that a field may take, and how an error describes them.
public protocol NumberRange<Bound>: CustomStringConvertible {
    associatedtype Bound
    func contains(_ value: Bound) -> Bool
}

public struct Anything: NumberRange {
    public init() {}
    public func contains(_ value: Double) -> Bool { true }
    public var description: String { "a number" }
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

/// x > 0 and not absurdly large.
public struct Positive: NumberRange {
    public init() {}
    public func contains(_ value: Double) -> Bool { value > 0 && value <= 1e300 }
    public var description: String { "above 0" }
}

/// x ≥ 0.
public struct NonNegative: NumberRange {
    public init() {}
    public func contains(_ value: Double) -> Bool { value >= 0 && value <= 1e300 }
    public var description: String { "0 or above" }
}
