import Expressions

extension Fields {
    /// An expression in these variables.
    ///
    /// - Throws: `Problem` 400 that says at which character reading failed, and what was expected.
    mutating func expression(
        _ name: String, of variables: [String], default source: String? = nil,
        limits: Expression.Limits = Expression.Limits()
    ) throws -> Expression {
        guard let text = try string(name) ?? source else {
            throw Problem.invalid(
                "“\(name)” is missing: an expression in \(Self.listed(variables)).",
                culprit(name))
        }
        do {
            return try Expression(text, variables: variables, limits: limits)
        } catch {
            var detail = "“\(name)” cannot be read: \(error)."
            if isInQuery(name), text.utf8.contains(UInt8(ascii: " ")) {
                detail += " In a URL a plus is written %2B; a bare + means a space."
            }
            throw Problem.malformed(detail, culprit(name))
        }
    }

    private static func listed(_ variables: [String]) -> String {
        variables.count <= 4
            ? variables.joined(separator: ", ")
            : "\(variables[0]) … \(variables[variables.count - 1])"
    }
}
