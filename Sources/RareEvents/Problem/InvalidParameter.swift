/// A parameter with a value that no gambler's ruin can have.
public struct InvalidParameter: Error, Sendable, Hashable, CustomStringConvertible {
    /// The parameter's name, as clients write it: `p`, `goal`, `relative_error` …
    public let parameter: String
    /// What would be right, as a sentence without its subject: "must be …".
    public let reason: String

    public init(_ parameter: String, _ reason: String) {
        self.parameter = parameter
        self.reason = reason
    }

    public var description: String { "\(parameter) \(reason)" }
}
