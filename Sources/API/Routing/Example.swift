/// A request that shows an endpoint, as a line for a shell with curl: whoever pastes the lines of the index in
/// their order gets an answer to each.
package struct Example: Sendable {
    package enum Body: Sendable {
        case json(String)
        /// What an earlier line has saved.
        case file(String, MediaType)
        /// A JSON array of what these targets answer.
        case answers([String])
    }

    /// Path and query.
    package let target: String
    package let body: Body?
    package let accept: MediaType?
    /// The file that the answer is saved in.
    package let output: String?

    init(_ target: String, _ body: Body? = nil, accept: MediaType? = nil, output: String? = nil) {
        self.target = target
        self.body = body
        self.accept = accept
        self.output = output
    }

    /// Quoted, so that no shell reads `?`, `&` or `[` in its own way; `$SERVER` is the server's URL.
    package var line: String {
        var line = "curl \"$SERVER\(target)\""
        if let accept { line += " -H \"Accept: \(accept.rawValue)\"" }
        switch body {
        case nil: break
        case .json(let text): line += " --json '\(text)'"
        case .file(let name, .json): line += " --json @\(name)"
        case .file(let name, let type):
            line += " -H \"Content-Type: \(type.rawValue)\" --data-binary @\(name)"
        case .answers(let targets):
            let answers = targets.map { "$(curl -s \"$SERVER\($0)\")" }.joined(separator: ",")
            line = "echo \"[\(answers)]\" | \(line) --json @-"
        }
        if let output { line += " -o \(output)" }
        return line
    }
}
