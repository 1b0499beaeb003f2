/// An expression and its derivatives as one directed acyclic graph, in which equal
/// sub-expressions are one node: sin(x) in f and in f″ is computed once.
///
/// Operands stand before the nodes that use them, so every algorithm is a loop over an
/// array, and no depth of expression exhausts a stack.
struct Graph: Sendable {
    typealias NodeID = Int32

    struct Node: Hashable, Sendable {
        let operation: Operation
        /// Operands; 0 where there are none.
        var a: NodeID = 0
        var b: NodeID = 0
        /// A constant's bits, a variable's index, an integer power's exponent, a selection's condition.
        var immediate: UInt64 = 0

        var constant: Double? { operation == .constant ? Double(bitPattern: immediate) : nil }
        var exponent: Int { Int(Int64(bitPattern: immediate)) }
        var condition: NodeID { NodeID(truncatingIfNeeded: immediate) }

        /// Calls `body` with each operand.
        func forEachOperand(_ body: (Int) -> Void) {
            if operation.operandCount == 3 { body(Int(condition)) }
            if operation.operandCount >= 1 { body(Int(a)) }
            if operation.operandCount >= 2 { body(Int(b)) }
        }
    }

    /// The text that a node computes, or whose derivative it is part of.
    struct Origin: Sendable {
        var range: Range<Int>
        var isDerivative = false

        init(_ range: Range<Int>) { self.range = range }

        var derivative: Origin {
            var copy = self
            copy.isDerivative = true
            return copy
        }
    }

    private(set) var nodes: [Node] = []
    private(set) var origins: [Origin] = []
    /// Whether any variable is below the node.
    private(set) var varies: [Bool] = []
    private var ids: [Node: NodeID] = [:]

    @discardableResult
    mutating func add(variable index: Int, origin: Origin = Origin(0..<0)) -> NodeID {
        let id = insert(Node(operation: .variable, immediate: UInt64(index)), origin)
        // Variables are added before their text is read.
        if origins[Int(id)].range.isEmpty { origins[Int(id)] = origin }
        return id
    }

    mutating func add(constant value: Double, origin: Origin) -> NodeID {
        insert(Node(operation: .constant, immediate: value.bitPattern), origin)
    }

    /// Adds `operation(a, b)`, folded where the operands are constants and the result is
    /// finite (what is not must be reported when it is reached), and simplified where that
    /// loses no error: never 0·y, which would hide that y is undefined.
    mutating func add(
        _ operation: Operation, _ a: NodeID, _ b: NodeID = 0, origin: Origin
    ) -> NodeID {
        let x = nodes[Int(a)].constant
        let y = operation.operandCount == 2 ? nodes[Int(b)].constant : nil
        if let x, operation.operandCount == 1 || y != nil {
            let value = operation.value(x, y ?? 0)
            if value.isFinite { return add(constant: value, origin: origin) }
        }
        switch (operation, x, y) {
        case (.add, 0, _): return b
        case (.add, _, 0), (.subtract, _, 0), (.multiply, _, 1), (.divide, _, 1): return a
        case (.multiply, 1, _): return b
        case (.subtract, 0, _): return add(.negate, b, origin: origin)
        case (.multiply, _, -1): return add(.negate, a, origin: origin)
        case (.multiply, -1, _): return add(.negate, b, origin: origin)
        case (.negate, _, _) where nodes[Int(a)].operation == .negate: return nodes[Int(a)].a
        case (.power, _, let exponent?):
            if exponent == 1 { return a }
            if exponent == 0.5 { return add(.squareRoot, a, origin: origin) }
            if exponent == exponent.rounded(), abs(exponent) <= 1024 {
                return add(a, toThe: Int(exponent), origin: origin)
            }
        default: break
        }
        // Sums and products commute exactly, so one order stands for both.
        if operation == .add || operation == .multiply, b < a {
            return insert(Node(operation: operation, a: b, b: a), origin)
        }
        return insert(Node(operation: operation, a: a, b: b), origin)
    }

    mutating func add(_ a: NodeID, toThe exponent: Int, origin: Origin) -> NodeID {
        exponent == 1
            ? a
            : insert(
                Node(operation: .integerPower, a: a, immediate: UInt64(bitPattern: Int64(exponent))),
                origin)
    }

    /// Adds a selection that is not decided by its condition's being constant.
    mutating func add(
        selecting condition: NodeID, _ a: NodeID, _ b: NodeID, origin: Origin
    ) -> NodeID {
        let node = nodes[Int(condition)]
        if let value = node.constant, !value.isNaN { return value != 0 ? a : b }
        // A condition that only turns another one round, as not does, is that other one.
        if node.operation == .selection {
            switch (nodes[Int(node.a)].constant, nodes[Int(node.b)].constant) {
            case (0, 1): return add(selecting: node.condition, b, a, origin: origin)
            case (1, 0): return add(selecting: node.condition, a, b, origin: origin)
            default: break
            }
        }
        return insert(Node(operation: .selection, a: a, b: b, immediate: UInt64(condition)), origin)
    }

    private mutating func insert(_ node: Node, _ origin: Origin) -> NodeID {
        if let id = ids[node] { return id }
        let id = NodeID(nodes.count)
        ids[node] = id
        nodes.append(node)
        origins.append(origin)
        var varies = node.operation == .variable
        node.forEachOperand { varies = varies || self.varies[$0] }
        self.varies.append(varies)
        return id
    }

    /// The nodes that some roots depend on, operands first.
    func live(below roots: some Sequence<NodeID>) -> [Int] {
        var isLive = [Bool](repeating: false, count: nodes.count)
        for root in roots { isLive[Int(root)] = true }
        for id in nodes.indices.reversed() where isLive[id] { nodes[id].forEachOperand { isLive[$0] = true } }
        return isLive.indices.filter { isLive[$0] }
    }
}
