extension Expression {
    /// The expression's Taylor coefficients, given those of its variables, in their order and all to
    /// one order. O(nodes · order²).
    package func enclosure(_ inputs: [TaylorEnclosure]) -> TaylorEnclosure {
        precondition(inputs.count == variables.count && !inputs.isEmpty, "a series for each variable")
        let order = inputs[0].coefficients.count - 1
        var values = [TaylorEnclosure?](repeating: nil, count: Int(root) + 1)
        for id in liveNodes {
            let node = graph.nodes[id]
            let a = values[Int(node.a)], b = values[Int(node.b)]
            values[id] =
                if node.operation == .selection, let condition = values[Int(node.condition)], let a, let b {
                    a.selected(by: condition[0], else: b)
                } else {
                    Self.enclosure(of: node, a, b, inputs, order)
                }
        }
        return values[Int(root)] ?? TaylorEnclosure(constant: .unbounded, order: order)
    }

    /// How many nodes an enclosure goes through.
    package var nodeCount: Int { liveNodes.count }

    /// The nodes that the expression's value depends on, operands first.
    private var liveNodes: [Int] { graph.live(below: CollectionOfOne(root)) }

    private static func enclosure(
        of node: Graph.Node, _ a: TaylorEnclosure?, _ b: TaylorEnclosure?, _ inputs: [TaylorEnclosure],
        _ order: Int
    ) -> TaylorEnclosure {
        switch node.operation {
        case .constant:
            return TaylorEnclosure(constant: Enclosure(node.constant ?? 0), order: order)
        case .variable: return inputs[Int(node.immediate)]
        default: break
        }
        guard let a else { return TaylorEnclosure(constant: .unbounded, order: order) }
        switch node.operation {
        case .constant, .variable: return a
        case .negate: return -a
        case .absolute: return a.absolute()
        case .sign:
            let range = Enclosure(a[0].lower > 0 ? 1 : -1, a[0].upper < 0 ? -1 : 1)
            return .step(range, isDecided: range.width == 0, count: order + 1)
        case .squareRoot: return a.squareRoot()
        case .sine: return a.sineAndCosine().sine
        case .cosine: return a.sineAndCosine().cosine
        case .tangent:
            let (sine, cosine) = a.sineAndCosine()
            return sine / cosine
        case .exponential: return a.exponential()
        case .logarithm: return a.logarithm()
        case .tanh: return a.tanh()
        case .sigmoid: return a.sigmoid()
        case .softplus: return a.softplus()
        case .erf: return a.erf()
        case .logarithmDerivative: return TaylorEnclosure(constant: Enclosure(1), order: order) / a
        case .integerPower: return a.raised(to: node.exponent)
        case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .lessOrEqual, .selection: break
        }
        guard let b else { return TaylorEnclosure(constant: .unbounded, order: order) }
        switch node.operation {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide: return a / b
        case .power: return (b * a.logarithm()).exponential()
        case .minimum: return a.minimum(b)
        case .maximum: return a.maximum(b)
        case .lessOrEqual:
            let range = Enclosure(a[0].upper <= b[0].lower ? 1 : 0, a[0].lower <= b[0].upper ? 1 : 0)
            return .step(range, isDecided: range.width == 0, count: order + 1)
        default: return a
        }
    }
}
