/// The order of a packed map's outputs and inputs: entry p is the number, in the weight matrix, of
/// the output or input at place p.
public struct UnitOrder: Sendable {
    public var outputs, inputs: [Int]

    public init(outputs: [Int], inputs: [Int]) {
        self.outputs = outputs
        self.inputs = inputs
    }

    /// The order of the weight matrix.
    public init(outputs: Int, inputs: Int) {
        self.init(outputs: Array(0..<outputs), inputs: Array(0..<inputs))
    }
}
