import Expressions
import Statistics

/// The random variables of a request, in order: from an object or a text, or each as a parameter of its own.
struct RandomVariables: Sendable {
    private(set) var names: [String] = []
    private(set) var distributions: [any ContinuousDistribution] = []
    /// Each variable, or range of them, as a URL writes it.
    private(set) var parameters: [(name: String, value: String)] = []
    /// Where each variable came from, for errors.
    private(set) var culprits: [Problem.Culprit] = []

    /// Variables of one request. A copula's matrix has the square of this many entries.
    static let most = 200

    /// From a field, an object, or a text such as `x1=normal:0:1,x[2:5]=exponential:1`.
    ///
    /// - Throws: `Problem` that says which variable is wrong, and how.
    init(_ fields: inout Fields, field: String = "variables") throws {
        let culprit = fields.culprit(field)
        if case .json(let json)? = fields.peek(field), json.members == nil, json.string == nil {
            throw Problem.invalid(
                "“\(field)” must be an object with a distribution for each variable, or a text such as x1=normal:0:1, not "
                    + "\(json.kind).", culprit)
        }
        guard case .json(let json)? = fields.peek(field), let members = json.members else {
            guard let text = try fields.string(field) else {
                throw fields.missing(field, "an object with a distribution for each variable of “g”")
            }
            try add(text: text, culprit)
            return
        }
        _ = fields.take(field)
        guard case .pointer(let base) = culprit else { return }
        for (name, node) in members {
            let pointer = "\(base)/\(JSONPointer.escaped(name))"
            try add(name, DistributionText(node, at: pointer), .pointer(pointer))
        }
        try requireSome(culprit)
    }

    /// From what is left of a query.
    init(query rest: [(name: String, value: Fields.Value)], known: [String]) throws {
        for (name, value) in rest {
            guard case .text(let text) = value else { continue }
            // As the body's field of this name; a variable of this name has no “=” in its distribution.
            if name == "variables", text.utf8.contains(UInt8(ascii: "=")) {
                try add(text: text, .parameter(name))
                continue
            }
            guard Self.looksLikeDistribution(text) else {
                var detail =
                    "\(name.quoted) is no parameter here, so it is taken for a variable; then a distribution such as "
                    + "normal:0:1 is expected, not \(text.quoted)."
                if let near = Spelling.nearest(to: name, among: known) { detail += " Did you mean “\(near)”?" }
                detail += " Available names: \(known.joined(separator: ", "))."
                throw Problem.malformed(detail, .parameter(name))
            }
            try add(name, DistributionText(text, .parameter(name)), .parameter(name))
        }
        guard !names.isEmpty else {
            throw Problem.invalid(
                "The variables of “g” are missing: give each as a parameter, such as x1=normal:0:1.",
                .parameter("variables"))
        }
    }

    private mutating func add(text: String, _ culprit: Problem.Culprit) throws {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw Problem.malformed(
                    "“variables” must be an object, or a text such as x1=normal:0:1,x[2:5]=exponential:1; "
                        + "\(String(part).quoted) has no “=”.", culprit)
            }
            let name = String(sides[0].trimmed)
            do {
                try add(name, DistributionText(String(sides[1].trimmed), culprit), culprit)
            } catch var problem as Problem {
                // The text has one place for all.
                problem.detail = "In “variables”, \(name.quoted): \(problem.detail)"
                throw problem
            }
        }
        try requireSome(culprit)
    }

    private func requireSome(_ culprit: Problem.Culprit) throws {
        if names.isEmpty { throw Problem.invalid("“variables” must have at least one variable.", culprit) }
    }

    private static func looksLikeDistribution(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: ":")) || DistributionFamily(rawValue: text) != nil
    }

    /// A variable of this name, or one for each index of a range: x[1:20].
    private mutating func add(
        _ name: String, _ distribution: DistributionText, _ culprit: Problem.Culprit
    ) throws {
        for name in try Self.expanded(name, culprit, most: Self.most - names.count) {
            guard !names.contains(where: name.isIdentical) else {
                throw Problem.invalid("The variable “\(name)” is given more than once.", culprit)
            }
            names.append(name)
            distributions.append(distribution.distribution)
            culprits.append(culprit)
        }
        parameters.append((name, distribution.text))
    }

    /// `x` itself, or the names that `x[1:20]` stands for: x1 … x20.
    private static func expanded(_ name: String, _ culprit: Problem.Culprit, most: Int) throws -> [String] {
        guard name.utf8.contains(UInt8(ascii: "[")) else {
            guard Expression.isUsable(variable: name) else { throw unusable(name, culprit) }
            guard most > 0 else { throw tooMany(culprit) }
            return [name]
        }
        let parts = name.split(separator: "[", omittingEmptySubsequences: false)
        let ends = parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : []
        guard ends.count == 2, ends[1].last == "]", let first = index(ends[0]), let last = index(ends[1].dropLast())
        else {
            throw Problem.malformed(
                "\(name.quoted) must be a name, or one with a range of indices such as x[1:20] for x1 … x20.", culprit)
        }
        guard first <= last else {
            throw Problem.invalid("The range of \(name.quoted) is empty: its first index is above its last.", culprit)
        }
        guard last - first < most else { throw tooMany(culprit) }
        return try (first...last).map { index in
            let one = "\(parts[0])\(index)"
            guard Expression.isUsable(variable: one) else { throw unusable(one, culprit) }
            return one
        }
    }

    /// At most six digits.
    private static func index(_ text: Substring) -> Int? {
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isDigits && text.utf8.count <= 6 ? Int(text) : nil
    }

    private static func unusable(_ name: String, _ culprit: Problem.Culprit) -> Problem {
        .invalid(
            "\(name.quoted) cannot be a variable: its name has letters from a to z or A to Z, digits and underscores, begins with no digit, and "
                + "is not a word that expressions use, such as e, pi, if or sin.", culprit)
    }

    private static func tooMany(_ culprit: Problem.Culprit) -> Problem {
        .invalid("There are at most \(most) variables here.", culprit)
    }

    /// - Throws: `Problem` where the expression mentions none of a variable.
    func requireUse(in expression: Expression) throws {
        for (index, name) in names.enumerated() where !expression.mentions(variable: index) {
            throw Problem.invalid(
                "The variable “\(name)” does not occur in “g”: leave it out, or use it.", culprits[index])
        }
    }
}
