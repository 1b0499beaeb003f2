import HTTP
import HTTPTypes

/// One resource: a path, and what each method does there.
public struct Endpoint: Sendable {
    public typealias Action = @Sendable (Call) async throws -> Response

    package let path: String
    let actions: [HTTPRequest.Method: Action]
    /// A limit of its own for the body, decided by the head.
    let bodyLimit: (@Sendable (RequestHead) -> Int?)?
    /// Whether what is done here beside waiting takes a fraction of a millisecond, however the
    /// request is worded.
    let isBrief: Bool
    /// A request that shows it.
    package let example: Example

    init(
        _ method: HTTPRequest.Method, _ path: String, example: Example, isBrief: Bool = false,
        bodyLimit: (@Sendable (RequestHead) -> Int?)? = nil, action: @escaping Action
    ) {
        self.init(
            [method], path, example: example, isBrief: isBrief, bodyLimit: bodyLimit, action: action)
    }

    init(
        _ methods: [HTTPRequest.Method], _ path: String, example: Example, isBrief: Bool = false,
        bodyLimit: (@Sendable (RequestHead) -> Int?)? = nil, action: @escaping Action
    ) {
        self.path = path
        self.example = example
        self.isBrief = isBrief
        self.bodyLimit = bodyLimit
        actions = Dictionary(methods.map { ($0, action) }) { first, _ in first }
    }

    /// The methods that actions are for, in a fixed order.
    package var methods: [String] { actions.keys.map(\.rawValue).sorted() }

    /// The methods that are answered here, in a fixed order. HEAD goes wherever GET goes.
    var allow: String {
        var names = methods
        if names.contains("GET") { names.append("HEAD") }
        return (names + ["OPTIONS"]).joined(separator: ", ")
    }

    func action(for method: HTTPRequest.Method) -> Action? {
        actions[method == .head ? .get : method]
    }
}
