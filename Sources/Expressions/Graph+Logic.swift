/// Comparisons and their combinations, 1 where they hold and 0 where they do not; undefined where what
/// they compare is. As in most languages, the second operand of and and of or does not matter where the
/// first decides.
extension Graph {
    enum Comparison {
        case less, atMost, greater, atLeast, equal, unequal
    }

    mutating func add(_ comparison: Comparison, _ a: NodeID, _ b: NodeID, origin: Origin) -> NodeID {
        switch comparison {
        case .atMost: return add(.lessOrEqual, a, b, origin: origin)
        case .atLeast: return add(.lessOrEqual, b, a, origin: origin)
        case .less: return negation(of: add(.atLeast, a, b, origin: origin), origin: origin)
        case .greater: return negation(of: add(.atMost, a, b, origin: origin), origin: origin)
        case .equal:
            return conjunction(
                add(.atMost, a, b, origin: origin), add(.atLeast, a, b, origin: origin), origin: origin)
        case .unequal: return negation(of: add(.equal, a, b, origin: origin), origin: origin)
        }
    }

    mutating func negation(of a: NodeID, origin: Origin) -> NodeID {
        add(selecting: a, add(constant: 0, origin: origin), add(constant: 1, origin: origin), origin: origin)
    }

    mutating func conjunction(_ a: NodeID, _ b: NodeID, origin: Origin) -> NodeID {
        add(selecting: a, truth(of: b, origin: origin), add(constant: 0, origin: origin), origin: origin)
    }

    mutating func disjunction(_ a: NodeID, _ b: NodeID, origin: Origin) -> NodeID {
        add(selecting: a, add(constant: 1, origin: origin), truth(of: b, origin: origin), origin: origin)
    }

    /// 1 for every number but 0.
    private mutating func truth(of a: NodeID, origin: Origin) -> NodeID {
        isTruth(a)
            ? a : add(selecting: a, add(constant: 1, origin: origin), add(constant: 0, origin: origin), origin: origin)
    }

    /// Whether a node can be nothing but 0, 1 or undefined.
    private func isTruth(_ id: NodeID) -> Bool {
        var pending = [id]
        while let id = pending.popLast() {
            let node = nodes[Int(id)]
            switch node.operation {
            case .lessOrEqual: continue
            case .constant where node.constant == 0 || node.constant == 1: continue
            case .selection: pending += [node.a, node.b]
            default: return false
            }
        }
        return true
    }
}
