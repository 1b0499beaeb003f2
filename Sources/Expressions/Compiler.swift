/// Turns the part of a graph below some roots into a program's instructions: chains of arithmetic, and functions
/// that take a pass each. What is stored between them gets a slot, freed for the next value after its last use.
struct Compiler {
    let graph: Graph
    let plan: ChainPlan
    private let roots: [Graph.NodeID]
    private let live: [Int]

    private(set) var instructions: [Program.Instruction] = []
    private(set) var constants: [(slot: Int, value: Double)] = []
    private(set) var outputs: [Int] = []
    private(set) var slotCount: Int
    /// Operations, however they are put together.
    var count = 0

    private var slots: [Int?]
    /// How many reads of each node are still to come.
    private var pending: [Int]
    private var free: [Int] = []
    /// Read by the instruction that is being made.
    private var reads: [Int] = []
    /// Sine and cosine nodes by argument, where both are wanted.
    private var partners: [Graph.NodeID: (sine: Int, cosine: Int)] = [:]

    init(graph: Graph, roots: [Graph.NodeID], inputCount: Int) {
        self.graph = graph
        self.roots = roots
        slotCount = inputCount
        slots = Array(repeating: nil, count: graph.nodes.count)
        pending = Array(repeating: 0, count: graph.nodes.count)
        live = graph.live(below: roots)
        plan = ChainPlan(graph, live: live, roots: roots)
        // Outputs keep their slots: they are read from outside at any time.
        for root in roots { pending[Int(root)] += 1 }
        for id in live { graph.nodes[id].forEachOperand { pending[$0] += 1 } }
    }

    mutating func compile() {
        pairSinesWithCosines()
        for id in live where plan.isStored[id] {
            let node = graph.nodes[id]
            switch node.operation {
            case .variable: slots[id] = Int(node.immediate)
            case .constant: slots[id] = addConstant(Double(bitPattern: node.immediate))
            default: node.operation.isArithmetic ? emitChain(id) : emitFunction(id, node)
            }
        }
        outputs = roots.map { slots[Int($0)]! }
    }

    private mutating func pairSinesWithCosines() {
        var sines: [Graph.NodeID: Int] = [:]
        for id in live where graph.nodes[id].operation == .sine { sines[graph.nodes[id].a] = id }
        for id in live where graph.nodes[id].operation == .cosine {
            let argument = graph.nodes[id].a
            if let sine = sines[argument] { partners[argument] = (sine, id) }
        }
    }

    private mutating func emitChain(_ id: Int) {
        var chain = Chain()
        appendSteps(of: id, at: 0, to: &chain)
        // A chain has read an element of every operand before it writes that of its result.
        releaseReads()
        let destination = take()
        slots[id] = destination
        instructions.append(.init(step: .chain(chain), destination: destination))
    }

    private mutating func emitFunction(_ id: Int, _ node: Graph.Node) {
        if slots[id] != nil { return }  // came with its partner
        count += 1
        let a = read(Int(node.a))
        if node.operation == .sine || node.operation == .cosine, let pair = partners[node.a] {
            // Both destinations are taken before the argument's slot is given back: the
            // kernel may write one before it has read all of its argument for the other.
            let sine = take()
            let cosine = take()
            slots[pair.sine] = sine
            slots[pair.cosine] = cosine
            reads.append(Int(node.a))
            releaseReads()
            instructions.append(.init(step: .sineAndCosine(a, cosine: cosine), destination: sine))
            return
        }
        let b = node.operation.operandCount == 2 ? read(Int(node.b)) : a
        releaseReads()
        let destination = take()
        slots[id] = destination
        instructions.append(.init(step: .operation(node.operation, a, b), destination: destination))
    }

    /// Constants keep their slots: a workspace fills them once.
    private mutating func addConstant(_ value: Double) -> Int {
        constants.append((slotCount, value))
        slotCount += 1
        return slotCount - 1
    }

    mutating func constantOne() -> Int { constants.first { $0.value == 1 }?.slot ?? addConstant(1) }

    private mutating func take() -> Int {
        if let slot = free.popLast() { return slot }
        slotCount += 1
        return slotCount - 1
    }

    /// The slot of a stored node, which the present instruction reads.
    mutating func read(_ id: Int) -> Int {
        reads.append(id)
        return slots[id]!
    }

    /// The present instruction's reads are done; after the last of a node its slot is free.
    private mutating func releaseReads() {
        for id in reads {
            pending[id] -= 1
            let operation = graph.nodes[id].operation
            if pending[id] == 0, operation != .variable, operation != .constant, let slot = slots[id] {
                free.append(slot)
            }
        }
        reads.removeAll(keepingCapacity: true)
    }
}
