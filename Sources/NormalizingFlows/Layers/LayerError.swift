/// Why numbers or sizes do not make a layer, and which of them is wrong.
public struct LayerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path to the culprit, outermost first: `["scale", "2"]`,
    /// `["conditioner", "layers", "0", "bias"]`. Indices count from 0.
    public let path: [String]
    /// What is wrong, as a clause: "must not be 0".
    public let reason: String

    public init(_ path: String..., reason: String) {
        self.init(path: path, reason: reason)
    }

    init(path: [String], reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { path.joined(separator: ".") + " " + reason }

    /// The same culprit seen from one level further out.
    func within(_ outer: String...) -> LayerError {
        LayerError(path: outer + path, reason: reason)
    }
}
