/// The ends of a range of numbers; nil where the range is open to that side.
package struct NumberBounds: Sendable, Hashable {
    package struct End: Sendable, Hashable {
        package let value: Double
        /// Whether the range holds the end itself.
        package let isIncluded: Bool
    }

    package var lower, upper: End?

    package static let none = NumberBounds()

    package init(lower: End? = nil, upper: End? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// lower ≤ x ≤ upper.
    package init(from lower: Double?, to upper: Double? = nil) {
        self.init(
            lower: lower.map { End(value: $0, isIncluded: true) },
            upper: upper.map { End(value: $0, isIncluded: true) })
    }

    /// lower < x < upper.
    package init(above lower: Double?, below upper: Double? = nil) {
        self.init(
            lower: lower.map { End(value: $0, isIncluded: false) },
            upper: upper.map { End(value: $0, isIncluded: false) })
    }

    package func contains(_ value: Double) -> Bool {
        if let lower, value < lower.value || value == lower.value && !lower.isIncluded { return false }
        if let upper, value > upper.value || value == upper.value && !upper.isIncluded { return false }
        return true
    }
}
