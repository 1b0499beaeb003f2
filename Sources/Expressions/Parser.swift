/// A Pratt parser (V. R. Pratt, "Top down operator precedence", 1973): from text to graph.
///
/// From loose to tight: or; and; not; comparisons; + and −; * and /; unary minus; ^, which groups to the right and binds
/// tighter than a minus before it (−x^2 is −(x²)) and looser than one after it (2^-x).
struct Parser {
    private static let disjunctive = 1, conjunctive = 2, negating = 3, comparing = 5
    private static let additive = 10, multiplicative = 20, prefix = 25, power = 30

    private var lexer: Lexer
    private var token: Token
    private let variables: [String]
    private let indices: [String: Int]
    private let limits: Expression.Limits
    private var depth = 0
    private(set) var graph = Graph()

    /// A parsed sub-expression: its node, and its text with the parentheses around it.
    struct Operand {
        let node: Graph.NodeID
        let range: Range<Int>
    }

    init(_ source: String, variables: [String], limits: Expression.Limits) throws(ParseError) {
        lexer = Lexer(source)
        guard lexer.text.count <= limits.length else {
            throw ParseError(
                in: lexer.text, at: limits.length,
                expected: "the end (an expression has at most \(limits.length) characters)",
                found: "more")
        }
        token = try lexer.next()
        self.variables = variables
        indices = Dictionary(uniqueKeysWithValues: zip(variables, variables.indices))
        self.limits = limits
        for index in variables.indices { graph.add(variable: index) }
    }

    mutating func parse() throws(ParseError) -> Graph.NodeID {
        let operand = try expression(above: 0)
        guard token.kind == .end else { throw unexpected("an operator or the end") }
        return operand.node
    }

    private mutating func expression(above binding: Int) throws(ParseError) -> Operand {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else {
            throw unexpected("at most \(limits.depth) levels of nesting")
        }
        var left = try operand()
        // The right side of a comparison just read: a < b < c compares b with c, too.
        var compared: Operand?
        while let (infix, strength) = infix, strength > binding {
            try advance()
            let right = try expression(above: infix == .operation(.power) ? strength - 1 : strength)
            let range = left.range.lowerBound..<right.range.upperBound
            let origin = Graph.Origin(range)
            let node: Graph.NodeID
            var nowCompared: Operand?
            switch infix {
            case .operation(let operation): node = graph.add(operation, left.node, right.node, origin: origin)
            case .and: node = graph.conjunction(left.node, right.node, origin: origin)
            case .or: node = graph.disjunction(left.node, right.node, origin: origin)
            case .comparison(let comparison):
                nowCompared = right
                if let middle = compared {
                    let own = Graph.Origin(middle.range.lowerBound..<right.range.upperBound)
                    let second = graph.add(comparison, middle.node, right.node, origin: own)
                    node = graph.conjunction(left.node, second, origin: origin)
                } else {
                    node = graph.add(comparison, left.node, right.node, origin: origin)
                }
            }
            left = Operand(node: node, range: range)
            compared = nowCompared
        }
        return left
    }

    private enum Infix: Equatable {
        case operation(Operation), comparison(Graph.Comparison), and, or
    }

    /// The operator that the present token is between two operands, with its strength.
    private var infix: (Infix, Int)? {
        switch token.kind {
        case .plus: (.operation(.add), Self.additive)
        case .minus: (.operation(.subtract), Self.additive)
        case .times: (.operation(.multiply), Self.multiplicative)
        case .divided: (.operation(.divide), Self.multiplicative)
        case .raised: (.operation(.power), Self.power)
        case .less: (.comparison(.less), Self.comparing)
        case .atMost: (.comparison(.atMost), Self.comparing)
        case .greater: (.comparison(.greater), Self.comparing)
        case .atLeast: (.comparison(.atLeast), Self.comparing)
        case .equal: (.comparison(.equal), Self.comparing)
        case .unequal: (.comparison(.unequal), Self.comparing)
        case .and: (.and, Self.conjunctive)
        case .or: (.or, Self.disjunctive)
        default: nil
        }
    }

    private mutating func operand() throws(ParseError) -> Operand {
        let start = token.range.lowerBound
        switch token.kind {
        case .number(let value):
            let range = token.range
            try advance()
            return Operand(node: graph.add(constant: value, origin: .init(range)), range: range)
        case .name:
            return try name()
        case .minus:
            try advance()
            let inner = try expression(above: Self.prefix)
            let range = start..<inner.range.upperBound
            return Operand(node: graph.add(.negate, inner.node, origin: .init(range)), range: range)
        case .not:
            try advance()
            let inner = try expression(above: Self.negating)
            let range = start..<inner.range.upperBound
            return Operand(node: graph.negation(of: inner.node, origin: .init(range)), range: range)
        case .plus:
            try advance()
            return try expression(above: Self.prefix)
        case .open:
            try advance()
            let inner = try expression(above: 0)
            let end = token.range.upperBound
            try expect(.close, "an operator or ')'")
            return Operand(node: inner.node, range: start..<end)
        default:
            throw unexpected("a number, a name or '('")
        }
    }

    /// A variable, a constant, or a function with its arguments.
    private mutating func name() throws(ParseError) -> Operand {
        let range = token.range
        let name = lexer.string(range)
        if name == "if" {
            try advance()
            return try selection(from: range.lowerBound)
        }
        if let function = Operation.functions[name] {
            try advance()
            return try call(function, name, from: range.lowerBound)
        }
        let node: Graph.NodeID
        if let index = indices[name] {
            node = graph.add(variable: index, origin: .init(range))
        } else if let value = Operation.namedConstants[name] {
            node = graph.add(constant: value, origin: .init(range))
        } else {
            let known = Array(variables.prefix(10)) + Operation.namedConstants.keys.sorted()
            let functions = (["if"] + Operation.functions.keys).sorted()
            throw unexpected(
                "one of \(known.joined(separator: ", ")) or a function (\(functions.joined(separator: ", ")))")
        }
        try advance()
        if token.kind == .open { throw unexpected("an operator after \(name)") }
        return Operand(node: node, range: range)
    }

    /// if(c, a, b)
    private mutating func selection(from start: Int) throws(ParseError) -> Operand {
        try expect(.open, "'(' after if")
        let condition = try expression(above: 0)
        try expect(.comma, "an operator, or ',' and if's second argument")
        let a = try expression(above: 0)
        try expect(.comma, "an operator, or ',' and if's third argument")
        let b = try expression(above: 0)
        let range = start..<token.range.upperBound
        try expect(.close, "an operator or ')'")
        return Operand(
            node: graph.add(selecting: condition.node, a.node, b.node, origin: .init(range)), range: range)
    }

    /// f(a), f(a, b); min and max take two operands or more.
    private mutating func call(
        _ function: Operation, _ name: String, from start: Int
    ) throws(ParseError) -> Operand {
        try expect(.open, "'(' after \(name)")
        var operands = [try expression(above: 0).node]
        let isVariadic = function.operandCount == 2
        while isVariadic, token.kind == .comma {
            try advance()
            operands.append(try expression(above: 0).node)
        }
        if isVariadic, operands.count == 1 { throw unexpected("',' and \(name)'s second argument") }
        let range = start..<token.range.upperBound
        try expect(.close, isVariadic ? "an operator, ',' or ')'" : "an operator or ')'")
        let origin = Graph.Origin(range)
        var node = operands[0]
        if !isVariadic { node = graph.add(function, node, origin: origin) }
        for operand in operands.dropFirst() {
            node = graph.add(function, node, operand, origin: origin)
        }
        return Operand(node: node, range: range)
    }

    private mutating func advance() throws(ParseError) { token = try lexer.next() }

    private mutating func expect(_ kind: Token.Kind, _ expected: String) throws(ParseError) {
        guard token.kind == kind else { throw unexpected(expected) }
        try advance()
    }

    private func unexpected(_ expected: String) -> ParseError {
        ParseError(
            in: lexer.text, at: token.range.lowerBound, expected: expected,
            found: token.kind == .end ? "the end" : "'\(lexer.string(token.range))'")
    }
}
