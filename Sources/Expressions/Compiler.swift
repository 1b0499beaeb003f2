/// Turns the part of a graph below some roots into a program's instructions, and gives each
/// value a slot, freed for the next value after its last use.
struct Compiler {
    private let graph: Graph
    private let roots: [Graph.NodeID]

    private(set) var instructions: [Program.Instruction] = []
    private(set) var constants: [(slot: Int, value: Double)] = []
    private(set) var outputs: [Int] = []
    private(set) var slotCount: Int

    private var slots: [Int?]
    /// How many reads of each node are still to come.
    private var pending: [Int]
    private var free: [Int] = []
    /// Sine and cosine nodes by argument, where both are wanted.
    private var partners: [Graph.NodeID: (sine: Graph.NodeID, cosine: Graph.NodeID)] = [:]

    init(graph: Graph, roots: [Graph.NodeID], inputCount: Int) {
        self.graph = graph
        self.roots = roots
        slotCount = inputCount
        slots = Array(repeating: nil, count: graph.nodes.count)
        pending = Array(repeating: 0, count: graph.nodes.count)
    }

    mutating func compile() {
        let live = liveNodes()
        pairSinesWithCosines(live)
        for id in live {
            let node = graph.nodes[Int(id)]
            switch node.operation {
            case .variable: slots[Int(id)] = Int(node.immediate)
            case .constant:
                // Constants keep their slots: a workspace fills them once.
                slots[Int(id)] = slotCount
                constants.append((slotCount, Double(bitPattern: node.immediate)))
                slotCount += 1
            case .integerPower: emitPower(id, node)
            default: emit(id, node)
            }
        }
        outputs = roots.map { slots[Int($0)]! }
    }

    /// The nodes below the roots, operands first, with their reads counted.
    private mutating func liveNodes() -> [Graph.NodeID] {
        // Outputs keep their slots: they are read from outside at any time.
        for root in roots { pending[Int(root)] += 1 }
        for id in stride(from: graph.nodes.count - 1, through: 0, by: -1) where pending[id] > 0 {
            let node = graph.nodes[id]
            if node.operation.operandCount >= 1 { pending[Int(node.a)] += 1 }
            if node.operation.operandCount == 2 { pending[Int(node.b)] += 1 }
        }
        return graph.nodes.indices.filter { pending[$0] > 0 }.map { Graph.NodeID($0) }
    }

    private mutating func pairSinesWithCosines(_ live: [Graph.NodeID]) {
        var sines: [Graph.NodeID: Graph.NodeID] = [:]
        for id in live where graph.nodes[Int(id)].operation == .sine {
            sines[graph.nodes[Int(id)].a] = id
        }
        for id in live where graph.nodes[Int(id)].operation == .cosine {
            let argument = graph.nodes[Int(id)].a
            if let sine = sines[argument] { partners[argument] = (sine, id) }
        }
    }

    private mutating func emit(_ id: Graph.NodeID, _ node: Graph.Node) {
        if slots[Int(id)] != nil { return }  // came with its partner
        let a = slots[Int(node.a)]!
        if node.operation == .sine || node.operation == .cosine, let pair = partners[node.a] {
            // Both destinations are taken before the argument's slot is given back: the
            // kernel may write one before it has read all of its argument for the other.
            let sine = take()
            let cosine = take()
            slots[Int(pair.sine)] = sine
            slots[Int(pair.cosine)] = cosine
            release(node.a)
            release(node.a)
            instructions.append(.init(step: .sineAndCosine(a, cosine: cosine), destination: sine))
            return
        }
        let b = node.operation.operandCount == 2 ? slots[Int(node.b)]! : a
        release(node.a)
        if node.operation.operandCount == 2 { release(node.b) }
        let destination = take()
        slots[Int(id)] = destination
        instructions.append(.init(step: .operation(node.operation, a, b), destination: destination))
    }

    /// x^n by repeated squaring, a fixed order of products; one division for a negative n,
    /// and x^0 as 1 + (x − x), which is undefined where x is.
    private mutating func emitPower(_ id: Graph.NodeID, _ node: Graph.Node) {
        let base = slots[Int(node.a)]!
        let result = take()
        slots[Int(id)] = result
        func append(_ operation: Operation, _ a: Int, _ b: Int, _ destination: Int) {
            instructions.append(.init(step: .operation(operation, a, b), destination: destination))
        }
        let exponent = node.exponent
        if exponent == 0 {
            append(.subtract, base, base, result)
            append(.add, result, constantOne(), result)
        } else {
            // From the highest bit down: square, and multiply where the bit is set.
            var current = base
            let magnitude = exponent.magnitude
            for bit in stride(from: magnitude.bitWidth - magnitude.leadingZeroBitCount - 2, through: 0, by: -1) {
                append(.multiply, current, current, result)
                if magnitude >> UInt(bit) & 1 == 1 { append(.multiply, result, base, result) }
                current = result
            }
            if exponent < 0 { append(.divide, constantOne(), current, result) }
        }
        release(node.a)
    }

    private mutating func constantOne() -> Int {
        if let known = constants.first(where: { $0.value == 1 }) { return known.slot }
        constants.append((slotCount, 1))
        slotCount += 1
        return slotCount - 1
    }

    private mutating func take() -> Int {
        if let slot = free.popLast() { return slot }
        slotCount += 1
        return slotCount - 1
    }

    /// One read of the node is done; after the last its slot is free.
    private mutating func release(_ id: Graph.NodeID) {
        pending[Int(id)] -= 1
        let operation = graph.nodes[Int(id)].operation
        if pending[Int(id)] == 0, operation != .variable, operation != .constant {
            free.append(slots[Int(id)]!)
        }
    }
}
