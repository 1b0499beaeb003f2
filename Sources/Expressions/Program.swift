/// Expressions compiled together to a flat list of instructions over vectors, so that what
/// they share is computed once and evaluation has no tree to walk.
///
/// Each instruction is one pass of a kernel over a whole block of points; with blocks of some
/// hundred doubles every register stays in the first cache.
public struct Program: Sendable {
    enum Step: Sendable {
        case operation(Operation, Int, Int)
        /// The second destination takes the cosine.
        case sineAndCosine(Int, cosine: Int)
    }

    struct Instruction: Sendable {
        let step: Step
        /// The slot that takes the result.
        let destination: Int
    }

    /// Inputs come first, then constants, then what is computed; a slot holds one block.
    let slotCount: Int
    let constants: [(slot: Int, value: Double)]
    let instructions: [Instruction]
    let outputs: [Int]

    public let inputCount: Int
    public var outputCount: Int { outputs.count }
    /// Passes over a block that an evaluation makes: the measure of its work.
    public var instructionCount: Int { instructions.count }

    /// What `firstFailure` needs to name a sub-expression.
    let graph: Graph
    let roots: [Graph.NodeID]
    let source: String
    let variables: [String]

    init(graph: Graph, roots: [Graph.NodeID], source: String, variables: [String]) {
        self.graph = graph
        self.roots = roots
        self.source = source
        self.variables = variables
        inputCount = variables.count
        var compiler = Compiler(graph: graph, roots: roots, inputCount: variables.count)
        compiler.compile()
        slotCount = compiler.slotCount
        constants = compiler.constants
        instructions = compiler.instructions
        outputs = compiler.outputs
    }
}
