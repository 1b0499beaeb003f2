extension Operation {
    /// Whether it is one or two instructions of the processor, and so takes part in a chain.
    var isArithmetic: Bool {
        switch self {
        case .negate, .absolute, .sign, .squareRoot, .logarithmDerivative, .integerPower, .add, .subtract, .multiply,
            .divide, .minimum, .maximum, .lessOrEqual, .selection:
            true
        case .constant, .variable, .sine, .cosine, .tangent, .exponential, .logarithm, .tanh, .sigmoid, .softplus,
            .erf, .power:
            false
        }
    }
}

/// Which values of a graph have a slot in memory. All others are computed in the chain of the one node that uses
/// them, and never leave the registers.
struct ChainPlan {
    /// Steps of one chain, about: bounds the depth of recursion over it.
    private static let longest = 48

    private let graph: Graph
    private(set) var isStored: [Bool]
    /// How many places of the stack a value takes to compute that is not stored.
    private var need: [Int]
    /// How many nodes its chain has so far.
    private var size: [Int]

    init(_ graph: Graph, live: [Int], roots: [Graph.NodeID]) {
        self.graph = graph
        isStored = Array(repeating: false, count: graph.nodes.count)
        need = Array(repeating: 1, count: graph.nodes.count)
        size = Array(repeating: 1, count: graph.nodes.count)
        var uses = Array(repeating: 0, count: graph.nodes.count)
        for root in roots { isStored[Int(root)] = true }
        for id in live {
            let node = graph.nodes[id]
            node.forEachOperand { uses[$0] += 1 }
            if !node.operation.isArithmetic || node.operation == .selection { isStored[id] = true }
            if !node.operation.isArithmetic || node.readsBaseAgain { node.forEachOperand { isStored[$0] = true } }
        }
        for id in live {
            if uses[id] > 1 { isStored[id] = true }
            if graph.nodes[id].operation.isArithmetic { fit(id) }
        }
    }

    /// The two stored factors of a product that can be added to another value in one step.
    func factors(of id: Int) -> (Graph.NodeID, Graph.NodeID)? {
        let node = graph.nodes[id]
        guard !isStored[id], node.operation == .multiply, isStored[Int(node.a)], isStored[Int(node.b)] else {
            return nil
        }
        return (node.a, node.b)
    }

    /// Works out what a node takes, and stores an operand for which there is no place left.
    private mutating func fit(_ id: Int) {
        let node = graph.nodes[id], a = Int(node.a), b = Int(node.b)
        switch node.operation.operandCount {
        case 1:
            store(a, above: Chain.depth)
            need[id] = places(a)
        case 2 where isStored[a] || isStored[b] || isProductTerm(node):
            need[id] =
                isProductTerm(node) && factors(of: b) == nil ? places(b) : max(places(a), isStored[a] ? places(b) : 1)
        case 2:
            store(b, above: Chain.depth - 1)
            need[id] = isStored[b] ? places(a) : max(places(a), places(b) + 1)
        default:
            store(a, above: 2)
            store(b, above: 1)
        }
        var total = 1
        node.forEachOperand { total += isStored[$0] ? 1 : size[$0] }
        size[id] = total
        if total > Self.longest { isStored[id] = true }
    }

    /// Whether one of the operands is a product that is added or subtracted in one step.
    private func isProductTerm(_ node: Graph.Node) -> Bool {
        switch node.operation {
        case .add: factors(of: Int(node.b)) != nil || factors(of: Int(node.a)) != nil
        case .subtract: factors(of: Int(node.b)) != nil
        default: false
        }
    }

    private func places(_ id: Int) -> Int { isStored[id] ? 1 : need[id] }

    private mutating func store(_ id: Int, above most: Int) {
        if places(id) > most { isStored[id] = true }
    }
}

extension Graph.Node {
    /// Whether it is a power that multiplies by its base after squaring, which has then left the stack.
    var readsBaseAgain: Bool {
        operation == .integerPower && exponent.magnitude.nonzeroBitCount != 1
    }
}

extension Compiler {
    /// The steps that leave the value of `id`, which is not stored yet, in place `top`.
    mutating func appendSteps(of id: Int, at top: Int, to chain: inout Chain) {
        let node = graph.nodes[id], a = Int(node.a), b = Int(node.b)
        // A power counts its products.
        if node.operation != .integerPower { count += 1 }
        switch node.operation {
        case .integerPower:
            appendPower(node, at: top, to: &chain)
        case .selection:
            for (place, operand) in [Int(node.condition), a, b].enumerated() { put(operand, at: place, to: &chain) }
            chain.select()
        case .add where plan.factors(of: b) == nil && plan.factors(of: a) != nil:
            put(b, at: top, to: &chain)
            appendProduct(a, subtracting: false, at: top, to: &chain)
        case .add where plan.factors(of: b) != nil, .subtract where plan.factors(of: b) != nil:
            put(a, at: top, to: &chain)
            appendProduct(b, subtracting: node.operation == .subtract, at: top, to: &chain)
        default:
            if node.operation.operandCount == 1 {
                put(a, at: top, to: &chain)
                chain.apply(node.operation, at: top)
            } else if plan.isStored[b] {
                put(a, at: top, to: &chain)
                chain.apply(node.operation, at: top, with: read(b))
            } else if plan.isStored[a] {
                appendSteps(of: b, at: top, to: &chain)
                chain.apply(node.operation, to: read(a), at: top)
            } else {
                appendSteps(of: a, at: top, to: &chain)
                appendSteps(of: b, at: top + 1, to: &chain)
                chain.applyToTwo(node.operation, at: top + 1)
            }
        }
    }

    private mutating func put(_ id: Int, at top: Int, to chain: inout Chain) {
        if plan.isStored[id] { chain.load(read(id), at: top) } else { appendSteps(of: id, at: top, to: &chain) }
    }

    private mutating func appendProduct(_ id: Int, subtracting: Bool, at top: Int, to chain: inout Chain) {
        guard let (a, b) = plan.factors(of: id) else { return }
        chain.addProduct(of: read(Int(a)), read(Int(b)), subtracting: subtracting, at: top)
        count += 1
    }

    /// x^n by repeated squaring, a fixed order of products; one division for a negative n,
    /// and x^0 as 1 + (x − x), which is undefined where x is.
    private mutating func appendPower(_ node: Graph.Node, at top: Int, to chain: inout Chain) {
        let base = Int(node.a), exponent = node.exponent
        if exponent == 0 {
            let slot = read(base)
            chain.load(slot, at: top)
            chain.apply(.subtract, at: top, with: slot)
            chain.apply(.add, at: top, with: constantOne())
            count += 2
            return
        }
        let again = node.readsBaseAgain ? read(base) : nil
        if let again { chain.load(again, at: top) } else { put(base, at: top, to: &chain) }
        // From the highest bit down: square, and multiply where the bit is set.
        let magnitude = exponent.magnitude
        for bit in stride(from: magnitude.bitWidth - magnitude.leadingZeroBitCount - 2, through: 0, by: -1) {
            chain.square(at: top)
            count += 1
            if magnitude >> UInt(bit) & 1 == 1, let again {
                chain.apply(.multiply, at: top, with: again)
                count += 1
            }
        }
        if exponent < 0 {
            chain.apply(.divide, to: constantOne(), at: top)
            count += 1
        }
    }
}
