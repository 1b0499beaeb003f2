import HTTP
import HTTPTypes

/// One resource: what is declared of it, and what is done there.
public struct Endpoint: Sendable {
    public typealias Action = @Sendable (Call) async throws -> Response

    package let declaration: Declaration
    private let action: Action
    /// A limit of its own for the body, decided by the head.
    let bodyLimit: (@Sendable (RequestHead) -> Int?)?

    init(
        _ declaration: Declaration, bodyLimit: (@Sendable (RequestHead) -> Int?)? = nil, action: @escaping Action
    ) {
        self.declaration = declaration
        self.bodyLimit = bodyLimit
        self.action = action
    }

    package var path: String { declaration.path }

    /// The methods that are declared, in a fixed order.
    package var methods: [String] { declaration.operations.map(\.method.rawValue).sorted() }

    /// The methods that are answered here, in a fixed order. HEAD goes wherever GET goes.
    var allow: String {
        var names = methods
        if names.contains("GET") { names.append("HEAD") }
        return (names + ["OPTIONS"]).joined(separator: ", ")
    }

    func action(for method: HTTPRequest.Method) -> Action? {
        let declared = method == .head ? .get : method
        return declaration.operations.contains { $0.method == declared } ? action : nil
    }
}
