/// A constraint that describes no convex set, and which of its fields is to blame.
public struct ConstraintError: Error, Hashable, Sendable {
    /// The field of a constraint that an error blames.
    public enum Field: String, Hashable, Sendable {
        case fixed, min, max, center, radius, simplex, normal, offset, constraints
    }

    public let field: Field
    /// The coordinate that is meant, from 0; nil where the field has none.
    public let coordinate: Int?
    /// What is wrong, as a clause: "must not be negative".
    public let reason: String

    public init(_ field: Field, coordinate: Int? = nil, _ reason: String) {
        self.field = field
        self.coordinate = coordinate
        self.reason = reason
    }
}

extension ConvexSet {
    /// Throws where points of `count` coordinates cannot lie in the set.
    public func requireDimension(_ count: Int) throws(ConstraintError) {
        guard let dimension, dimension != count else { return }
        throw ConstraintError(
            .constraints,
            "has \(dimension) \(dimension == 1 ? "coordinate" : "coordinates"), but the point has \(count)")
    }
}
