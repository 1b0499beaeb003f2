extension Graph {
    /// ∂root/∂variable for each variable, by reverse accumulation: one sweep from the root to
    /// the leaves, so the whole gradient costs a small multiple of the expression, whatever
    /// the number of variables. A selection's gradient is the selection of its branches' gradients,
    /// not a product with 0, which would be undefined where the branch that is not taken is.
    mutating func gradient(of root: NodeID, variableCount: Int) -> [NodeID] {
        var known: [NodeID: [NodeID]] = [:]
        return gradient(of: root, variableCount, &known)
    }

    /// - Parameter known: gradients of selections' branches, each worked out once.
    private mutating func gradient(
        of root: NodeID, _ variableCount: Int, _ known: inout [NodeID: [NodeID]]
    ) -> [NodeID] {
        if let gradient = known[root] { return gradient }
        // adjoints[i] = ∂root/∂node i, where any path reaches it.
        var adjoints = [NodeID?](repeating: nil, count: Int(root) + 1)
        let zero = add(constant: 0, origin: origins[Int(root)].derivative)
        adjoints[Int(root)] = add(constant: 1, origin: origins[Int(root)].derivative)
        // What reaches each variable through a selection.
        var selected = [NodeID?](repeating: nil, count: variableCount)
        for id in stride(from: Int(root), through: 0, by: -1) {
            guard let adjoint = adjoints[id], varies[id] else { continue }
            let node = nodes[id]
            let origin = origins[id].derivative
            if node.operation == .selection {
                let (first, second) = (
                    gradient(of: node.a, variableCount, &known), gradient(of: node.b, variableCount, &known)
                )
                for (variable, (a, b)) in zip(first, second).enumerated() {
                    if nodes[Int(a)].constant == 0 && nodes[Int(b)].constant == 0 { continue }
                    let partial = add(selecting: node.condition, a, b, origin: origin)
                    accumulate(&selected[variable], partial, adjoint, origin)
                }
                continue
            }
            if node.operation.operandCount >= 1, varies[Int(node.a)] {
                accumulate(&adjoints[Int(node.a)], partial(id, .first), adjoint, origin)
            }
            if node.operation.operandCount == 2, varies[Int(node.b)] {
                accumulate(&adjoints[Int(node.b)], partial(id, .second), adjoint, origin)
            }
        }
        var result = [NodeID](repeating: zero, count: variableCount)
        for (id, node) in nodes.prefix(Int(root) + 1).enumerated() where node.operation == .variable {
            if let adjoint = adjoints[id] { result[Int(node.immediate)] = adjoint }
        }
        for (variable, part) in selected.enumerated() {
            guard let part else { continue }
            result[variable] = add(.add, result[variable], part, origin: origins[Int(root)].derivative)
        }
        known[root] = result
        return result
    }

    /// adjoint += partial · above.
    private mutating func accumulate(
        _ adjoint: inout NodeID?, _ partial: NodeID?, _ above: NodeID, _ origin: Origin
    ) {
        guard let partial else { return }
        let term = add(.multiply, above, partial, origin: origin)
        adjoint = adjoint.map { add(.add, $0, term, origin: origin) } ?? term
    }

    private enum Which { case first, second }

    /// The partial derivative of a node with respect to one operand; nil where it is zero.
    private mutating func partial(_ id: Int, _ which: Which) -> NodeID? {
        let node = nodes[id]
        let (a, b) = (node.a, node.b)
        let itself = NodeID(id)
        let origin = origins[id].derivative
        func constant(_ value: Double, _ graph: inout Graph) -> NodeID {
            graph.add(constant: value, origin: origin)
        }
        switch node.operation {
        case .constant, .variable, .sign, .lessOrEqual, .selection:
            return nil
        case .negate:
            return constant(-1, &self)
        case .absolute:
            return add(.sign, a, origin: origin)
        case .squareRoot:
            return add(.divide, constant(0.5, &self), itself, origin: origin)
        case .sine:
            return add(.cosine, a, origin: origin)
        case .cosine:
            return add(.negate, add(.sine, a, origin: origin), origin: origin)
        case .tangent:
            return add(.add, constant(1, &self), add(itself, toThe: 2, origin: origin), origin: origin)
        case .exponential:
            return itself
        case .logarithm:
            return add(.logarithmDerivative, a, origin: origin)
        case .logarithmDerivative:
            return add(.negate, add(itself, toThe: 2, origin: origin), origin: origin)
        case .tanh:
            return add(
                .subtract, constant(1, &self), add(itself, toThe: 2, origin: origin), origin: origin)
        case .sigmoid:
            // s(x) s(−x), not s(1 − s): exact in the right tail too.
            let other = add(.sigmoid, add(.negate, a, origin: origin), origin: origin)
            return add(.multiply, itself, other, origin: origin)
        case .softplus:
            return add(.sigmoid, a, origin: origin)
        case .erf:
            let square = add(.negate, add(a, toThe: 2, origin: origin), origin: origin)
            let twoOverRootPi = constant(1.1283791670955126, &self)
            return add(
                .multiply, twoOverRootPi, add(.exponential, square, origin: origin), origin: origin)
        case .integerPower:
            let n = node.exponent
            if n == 0 { return nil }
            return add(
                .multiply, constant(Double(n), &self), add(a, toThe: n - 1, origin: origin),
                origin: origin)
        case .add:
            return constant(1, &self)
        case .subtract:
            return constant(which == .first ? 1 : -1, &self)
        case .multiply:
            return which == .first ? b : a
        case .divide:
            if which == .first { return add(.divide, constant(1, &self), b, origin: origin) }
            return add(.negate, add(.divide, itself, b, origin: origin), origin: origin)
        case .power:
            if which == .first {
                let less = add(.subtract, b, constant(1, &self), origin: origin)
                return add(.multiply, b, add(.power, a, less, origin: origin), origin: origin)
            }
            return add(.multiply, itself, add(.logarithm, a, origin: origin), origin: origin)
        case .minimum, .maximum:
            // Where both are equal the first counts, once.
            let (low, high) = node.operation == .minimum ? (a, b) : (b, a)
            let first = add(.lessOrEqual, low, high, origin: origin)
            if which == .first { return first }
            return add(.subtract, constant(1, &self), first, origin: origin)
        }
    }
}
