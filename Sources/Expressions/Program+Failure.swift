extension Program {
    /// Why the program's outputs are not all finite at `point` (inputCount values); nil where
    /// they are. Slow: for the one point that a bulk evaluation tripped over.
    ///
    /// The culprit is the first undefined value, if its own operands were finite, else the
    /// first infinity that led to it.
    public func firstFailure(at point: [Double]) -> EvaluationError? {
        precondition(point.count == inputCount, "a point has a value for each variable")
        var values = [Double](repeating: 0, count: graph.nodes.count)
        for id in graph.live(below: roots) { values[id] = value(of: graph.nodes[id], values, point) }
        let taken = taken(values)
        var undefined: Int?
        var infinite: Int?
        for id in graph.nodes.indices where taken[id] && !values[id].isFinite {
            let operands = operandIDs(of: graph.nodes[id])
            if values[id].isNaN {
                if undefined == nil, operands.allSatisfy({ !values[$0].isNaN }) { undefined = id }
            } else if infinite == nil, operands.allSatisfy({ values[$0].isFinite }) {
                infinite = id
            }
        }
        guard roots.contains(where: { !values[Int($0)].isFinite }) else { return nil }
        // A variable may itself be given as infinite: then nothing below it is to blame.
        if let id = undefined, operandIDs(of: graph.nodes[id]).allSatisfy({ values[$0].isFinite }) {
            return failure(id, .undefined, values, point)
        }
        if let id = infinite { return failure(id, .infinite, values, point) }
        return failure(undefined ?? Int(roots[0]), .undefined, values, point)
    }

    /// Which nodes the outputs depend on at a point: of a selection only the branch that is taken.
    private func taken(_ values: [Double]) -> [Bool] {
        var taken = [Bool](repeating: false, count: graph.nodes.count)
        for root in roots { taken[Int(root)] = true }
        for id in graph.nodes.indices.reversed() where taken[id] {
            let node = graph.nodes[id]
            guard node.operation == .selection else {
                node.forEachOperand { taken[$0] = true }
                continue
            }
            taken[Int(node.condition)] = true
            let condition = values[Int(node.condition)]
            if !condition.isNaN { taken[Int(condition != 0 ? node.a : node.b)] = true }
        }
        return taken
    }

    private func value(of node: Graph.Node, _ values: [Double], _ point: [Double]) -> Double {
        switch node.operation {
        case .constant: return Double(bitPattern: node.immediate)
        case .variable: return point[Int(node.immediate)]
        case .integerPower:
            let base = values[Int(node.a)]
            // Not the program's own bits, but finite where those are, up to the last place.
            if node.exponent == 0 { return base - base + 1 }
            return Operation.power.value(base, Double(node.exponent))
        case .selection:
            let condition = values[Int(node.condition)]
            return condition.isNaN ? .nan : values[Int(condition != 0 ? node.a : node.b)]
        default: return node.operation.value(values[Int(node.a)], values[Int(node.b)])
        }
    }

    private func operandIDs(of node: Graph.Node) -> [Int] {
        var ids: [Int] = []
        node.forEachOperand { ids.append($0) }
        return ids
    }

    private func failure(
        _ id: Int, _ reason: EvaluationError.Reason, _ values: [Double], _ point: [Double]
    ) -> EvaluationError {
        // A derivative's operands are machinery: only the point tells the user something.
        let isDerivative = graph.origins[id].isDerivative
        let operands =
            isDerivative
            ? []
            : operandIDs(of: graph.nodes[id]).map {
                EvaluationError.Operand(text: text(of: $0), value: values[$0])
            }
        return EvaluationError(
            subexpression: text(of: id), isDerivative: isDerivative, reason: reason,
            operands: operands,
            point: zip(variables, point).map { EvaluationError.Operand(text: $0, value: $1) })
    }

    private func text(of id: Int) -> String {
        let utf8 = Array(source.utf8)
        return String(decoding: utf8[graph.origins[id].range], as: UTF8.self)
    }
}
