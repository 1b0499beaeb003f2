/// The memory that a program is evaluated in: one block of `width` doubles a slot. Made once,
/// it allocates nothing afterwards. For one thread at a time.
public final class Workspace {
    public let program: Program
    /// The most points that one evaluation takes.
    public let width: Int

    private let memory: UnsafeMutablePointer<Double>
    private let stride: Int

    public init(_ program: Program, width: Int) {
        precondition(width > 0, "a workspace is at least one point wide")
        self.program = program
        self.width = width
        // Blocks begin on cache lines.
        stride = (width + 7) / 8 * 8
        let size = max(program.slotCount, 1) * stride
        memory =
            UnsafeMutableRawPointer
            .allocate(byteCount: size * MemoryLayout<Double>.stride, alignment: 64)
            .bindMemory(to: Double.self, capacity: size)
        memory.initialize(repeating: 0, count: size)
        for (slot, value) in program.constants {
            (memory + slot * stride).update(repeating: value, count: width)
        }
    }

    deinit { memory.deallocate() }

    /// Where the values of variable `index` go, `width` of them. Valid while the workspace is.
    public func input(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
        precondition(index < program.inputCount, "the program has \(program.inputCount) inputs")
        return UnsafeMutableBufferPointer(start: memory + index * stride, count: width)
    }

    /// The values of output `index` at the points of the last evaluation; valid until the next.
    public func output(_ index: Int) -> UnsafeBufferPointer<Double> {
        UnsafeBufferPointer(start: memory + program.outputs[index] * stride, count: width)
    }

    /// The same as bare memory, for code that takes pointers.
    public func inputAddress(_ index: Int) -> UnsafeMutablePointer<Double> {
        precondition(index < program.inputCount, "the program has \(program.inputCount) inputs")
        return memory + index * stride
    }

    public func outputAddress(_ index: Int) -> UnsafePointer<Double> {
        UnsafePointer(memory + program.outputs[index] * stride)
    }

    /// Bytes that a workspace of so many points takes.
    public static func bytes(for program: Program, width: Int) -> Int {
        max(program.slotCount, 1) * ((width + 7) / 8 * 8) * MemoryLayout<Double>.stride
    }

    /// Evaluates the program at the first `count` points of the inputs, with no check of what
    /// comes out: a sum over the outputs shows in one look whether all are finite, and
    /// `Program.firstFailure` then says why they are not.
    public func evaluate(count: Int) {
        precondition(count <= width, "the workspace holds \(width) points")
        for instruction in program.instructions {
            let destination = memory + instruction.destination * stride
            switch instruction.step {
            case .operation(let operation, let a, let b):
                operation.evaluate(memory + a * stride, memory + b * stride, destination, count)
            case .chain(let chain):
                chain.run(memory, stride: stride, destination: instruction.destination, count: count)
            case .sineAndCosine(let argument, let cosine):
                Operation.sineAndCosine(
                    memory + argument * stride, destination, memory + cosine * stride, count)
            }
        }
    }
}
