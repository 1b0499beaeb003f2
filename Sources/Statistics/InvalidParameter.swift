/// A parameter whose value nothing can be computed with.
public struct InvalidParameter: Error, Hashable, Sendable, CustomStringConvertible {
    /// The parameter's name, as a request spells it: `p`, `goal`, `learning_rate` …
    public let parameter: String
    /// What is wrong, as a clause without its subject: "must be at least 1".
    public let reason: String

    public init(_ parameter: String, _ reason: String) {
        self.parameter = parameter
        self.reason = reason
    }

    public var description: String { "\(parameter) \(reason)" }
}
