/// Expressions compiled together to a flat list of instructions over vectors, so that what
/// they share is computed once and evaluation has no tree to walk.
///
/// Each instruction is one pass of a kernel over a whole block of points: a function such as sin, or a chain of
/// arithmetic. With blocks of some hundred doubles every slot stays in the first cache.
public struct Program: Sendable {
    enum Step: Sendable {
        case operation(Operation, Int, Int)
        case chain(Chain)
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
    /// Operations at a point, sine and cosine of one argument being one: the measure of an evaluation's work.
    public let instructionCount: Int

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
        instructionCount = compiler.count
    }
}
