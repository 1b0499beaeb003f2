extension Expression {
    /// Where an expression goes from one branch to another: the points at which `Output.seam` is 0.
    public enum Seam: Hashable, Sendable {
        /// Of abs, min or max: continuous, with a kink.
        case kink
        /// Of a comparison: the value itself may jump.
        case jump
    }

    /// The seams of what the value depends on, each once. Between two points at which none of their
    /// functions (`Output.seam`, in the same order) changes its sign, the expression follows one branch
    /// and is as smooth as that is: methods that trust a gradient look here first.
    ///
    /// A condition that is no comparison, as in if(x, 1, 2), has none: it is 0 at single points only,
    /// or on one side of a seam of its own.
    public var seams: [Seam] {
        seamNodes.map { graph.nodes[$0].operation == .lessOrEqual ? .jump : .kink }
    }

    /// Whether the expression has no seam.
    public var isSmooth: Bool { seamNodes.isEmpty }

    /// Whether the text mentions a variable.
    public func mentions(variable index: Int) -> Bool {
        // Variables are the graph's first nodes; they get a place when the text is read.
        !graph.origins[index].range.isEmpty
    }

    /// The nodes that have a seam, operands first: |a|, min(a, b), max(a, b), a ≤ b.
    var seamNodes: [Int] {
        graph.live(below: CollectionOfOne(root)).filter { id in
            switch graph.nodes[id].operation {
            case .absolute, .minimum, .maximum, .lessOrEqual: graph.varies[id]
            default: false
            }
        }
    }
}

extension Graph {
    /// a of |a|, a − b of min(a, b), max(a, b) and a ≤ b.
    mutating func add(seamOf id: Int) -> NodeID {
        let node = nodes[id]
        if node.operation.operandCount == 1 { return node.a }
        return add(.subtract, node.a, node.b, origin: origins[id])
    }
}
