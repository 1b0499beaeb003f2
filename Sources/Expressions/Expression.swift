/// A real function of named real variables, read from text such as `x*sin(x)`.
///
/// Numbers, variables, + − * / ^, parentheses, pi, e, and sin cos tan exp log sqrt abs tanh
/// sigmoid softplus erf min max; if(c, a, b), comparisons, and, or, not. Differentiated exactly, as
/// often as wanted; |x|, min and max have derivatives almost everywhere, and at a kink the one of their
/// first branch (0 for |x|), if(c, a, b) that of the branch that is taken.
public struct Expression: Sendable {
    /// Bounds on text from clients.
    public struct Limits: Hashable, Sendable {
        /// UTF-8 bytes.
        public var length: Int
        /// Operators and parentheses inside one another.
        public var depth: Int

        public init(length: Int = 2048, depth: Int = 100) {
            self.length = length
            self.depth = depth
        }
    }

    /// What a program computes of an expression. Indices are those of `variables`.
    public enum Output: Hashable, Sendable {
        case value
        case derivative(Int)
        case secondDerivative(Int, Int)
        /// What is 0 at a seam (`Expression.seams`): on its two sides the expression may follow
        /// different branches.
        case seam(Int)
    }

    public let source: String
    public let variables: [String]
    let graph: Graph
    let root: Graph.NodeID

    /// - Throws: `ParseError`, with the position.
    /// - Precondition: the variables are usable (`isUsable(variable:)`) and distinct.
    public init(
        _ source: String, variables: [String], limits: Limits = Limits()
    ) throws(ParseError) {
        precondition(
            variables.allSatisfy(Self.isUsable) && Set(variables).count == variables.count,
            "variables are distinct names that mean nothing else")
        var parser = try Parser(source, variables: variables, limits: limits)
        root = try parser.parse()
        graph = parser.graph
        self.source = source
        self.variables = variables
    }

    /// Whether an expression could refer to a variable of this name: ASCII letters, digits and
    /// underscores, no digit first, and not the name of a function or constant.
    public static func isUsable(variable name: String) -> Bool {
        // Bytes first: other characters are compared by canonical equivalence, which takes long.
        guard name.utf8.count <= longestVariable, name.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        guard Operation.functions[name] == nil, Operation.namedConstants[name] == nil,
            !Operation.keywords.contains(name)
        else {
            return false
        }
        var lexer = Lexer(name)
        guard let token = try? lexer.next() else { return false }
        return token.kind == .name && token.range == 0..<name.utf8.count
    }

    /// UTF-8 bytes of a variable's name, at most.
    public static let longestVariable = 100

    /// Compiles the function and derivatives of it, together. One workspace evaluates a
    /// program; the variables are its inputs, in order.
    public func program(_ outputs: [Output]) -> Program {
        var graph = graph
        var gradient: [Graph.NodeID]?
        var seconds: [Int: [Graph.NodeID]] = [:]
        let roots = outputs.map { output -> Graph.NodeID in
            if output == .value { return root }
            if case .seam(let index) = output { return graph.add(seamOf: seamNodes[index]) }
            let first = gradient ?? graph.gradient(of: root, variableCount: variables.count)
            gradient = first
            switch output {
            case .value, .seam: return root
            case .derivative(let i): return first[i]
            case .secondDerivative(let i, let j):
                let row = seconds[i] ?? graph.gradient(of: first[i], variableCount: variables.count)
                seconds[i] = row
                return row[j]
            }
        }
        return Program(graph: graph, roots: roots, source: source, variables: variables)
    }
}

extension Workspace {
    /// The outputs at one point, checked. For a hot loop keep the workspace and call
    /// `evaluate(count:)`.
    ///
    /// - Throws: `EvaluationError` where one of them is not finite.
    public func values(at point: [Double]) throws(EvaluationError) -> [Double] {
        precondition(point.count == program.inputCount, "a point has a value for each variable")
        for (i, value) in point.enumerated() { input(i)[0] = value }
        evaluate(count: 1)
        let values = (0..<program.outputCount).map { output($0)[0] }
        if !values.allSatisfy(\.isFinite), let failure = program.firstFailure(at: point) {
            throw failure
        }
        return values
    }
}
