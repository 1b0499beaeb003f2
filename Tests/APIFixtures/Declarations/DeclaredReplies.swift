import API
import HTTPTypes

/// What a reply has that is not declared, or lacks that is.
package struct UndeclaredReply: Error, CustomStringConvertible {
    package let description: String
}

/// Holds replies against what is declared of them.
struct DeclaredReplies: Sendable {
    private let byPath: [String: Declaration]

    init(_ declarations: [Declaration]) {
        byPath = Dictionary(uniqueKeysWithValues: declarations.map { ($0.path, $0) })
    }

    /// What a reply has that is not declared, or lacks that is; nil where nothing.
    func complaint(of reply: APIClient.Reply, to method: HTTPRequest.Method, _ target: String) -> String? {
        let path = String(target.prefix { $0 != "?" })
        guard method != .head, !reply.body.isEmpty, reply.headerFields[.contentEncoding] == nil else { return nil }
        let field = reply.headerFields[.contentType] ?? ""
        guard let type = MediaType(contentType: field) else { return "Content-Type \(field)" }
        if reply.status >= 400 { return problemComplaint(of: reply, type, to: method, path) }
        guard let declaration = byPath[path] else {
            return path.hasPrefix("/page/") || path == "/openapi.json" ? nil : "\(path) is not declared"
        }
        guard let content = declaration.answer.contents.first(where: { $0.type == type }) else {
            return "\(path) is not declared to answer in \(field)"
        }
        if let line = content.line { return complaint(ofLines: reply, line) }
        guard type == .json else { return nil }
        return complaint(of: reply.body, content.schema)
    }

    private func problemComplaint(
        of reply: APIClient.Reply, _ type: MediaType, to method: HTTPRequest.Method, _ path: String
    ) -> String? {
        guard type == .problem else { return "an error as \(type.rawValue)" }
        if let complaint = complaint(of: reply.body, .problem) { return complaint }
        // 401 is declared where a server has tokens; 405 is about methods that are not declared; 499 is
        // written for nobody.
        guard let declaration = byPath[path], ![401, 405, 499].contains(reply.status),
            let operation = declaration.operations.first(where: { $0.method == method })
        else { return nil }
        let isDeclared = declaration.problems(of: operation).contains { $0.status.code == reply.status }
        return isDeclared ? nil : "status \(reply.status) is not declared"
    }

    private func complaint(ofLines reply: APIClient.Reply, _ line: Schema) -> String? {
        for (number, bytes) in reply.body.split(separator: UInt8(ascii: "\n")).enumerated() {
            if let complaint = complaint(of: Array(bytes), line) { return "line \(number + 1): \(complaint)" }
        }
        return nil
    }

    private func complaint(of body: [UInt8], _ schema: Schema) -> String? {
        guard let json = try? JSONReader.read(body) else { return "no JSON" }
        return schema.complaint(of: json)
    }
}
