/// Runs a pickle of protocol 2 as far as a state dict needs it, and executes nothing: the program can
/// build numbers, strings, containers and descriptions of tensors, and no more.
///
/// Bounded in time and memory by the number of opcodes: each pushes at most one value, or moves what
/// others pushed, and strings are no longer than the bytes that hold them.
struct PickleMachine {
    /// The largest `data.pkl` that is looked at. A state dict needs about 150 bytes a tensor.
    static let largestProgram = 16 << 20
    /// The most opcodes that are run. A state dict needs about 45 a tensor.
    static let mostOpcodes = 1 << 20

    var heap = PickleHeap()
    private var stack: [PickleValue] = []
    /// The stack's heights at its marks; an opcode never pops below the topmost one.
    private var marks: [Int] = []
    private var memo: [UInt32: PickleValue] = [:]
    private var cursor: ByteCursor

    init(_ program: MappedBytes, place: String) throws(CheckpointError) {
        cursor = ByteCursor(program, place: place)
        guard program.count <= Self.largestProgram else {
            throw cursor.failure("the pickle has \(program.count) bytes; at most \(Self.largestProgram) are read")
        }
    }

    /// Runs the program to its end and returns the one value that it leaves.
    mutating func run() throws(CheckpointError) -> PickleValue {
        guard try cursor.byte() == PickleOpcode.proto.rawValue else {
            throw failure("not a pickle of protocol 2, as torch.save writes")
        }
        let version = try cursor.byte()
        guard version == 2 else { throw failure("pickle protocol \(version); torch.save writes 2 unless told otherwise") }
        for _ in 0..<Self.mostOpcodes {
            let byte = try cursor.byte()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw failure("the pickle opcode 0x\(String(byte, radix: 16)), which no state dict needs")
            }
            if opcode == .stop {
                let result = try pop()
                guard stack.isEmpty, marks.isEmpty, cursor.isAtEnd else {
                    throw failure("the pickle stops with something left over")
                }
                return result
            }
            try execute(opcode)
        }
        throw failure("the pickle runs for more than \(Self.mostOpcodes) opcodes")
    }

    private mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .proto, .stop: throw failure("the pickle begins twice")
        case .mark: marks.append(stack.count)

        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt: stack.append(.integer(Int(try cursor.integer(Int32.self))))
        case .binInt1: stack.append(.integer(Int(try cursor.integer(UInt8.self))))
        case .binInt2: stack.append(.integer(Int(try cursor.integer(UInt16.self))))
        case .long1: stack.append(.integer(try longInteger()))
        case .binFloat: stack.append(.float(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
        case .binUnicode:
            let length = Int(try cursor.integer(UInt32.self))
            stack.append(.string(try cursor.text(count: length)))

        case .emptyTuple: stack.append(.tuple(heap.newSequence([])))
        case .tuple: try pushTuple(popToMark())
        case .tuple1: try pushTuple(pop(count: 1))
        case .tuple2: try pushTuple(pop(count: 2))
        case .tuple3: try pushTuple(pop(count: 3))
        case .emptyList: stack.append(.list(heap.newSequence([])))
        case .append: try appendToList(pop(count: 1))
        case .appends: try appendToList(popToMark())
        case .emptyDict: stack.append(.dictionary(heap.newDictionary()))
        case .setItem: try setItems(pop(count: 2))
        case .setItems: try setItems(popToMark())

        case .binPut: memo[UInt32(try cursor.integer(UInt8.self))] = try top()
        case .longBinPut: memo[try cursor.integer(UInt32.self)] = try top()
        case .binGet: try recall(UInt32(try cursor.integer(UInt8.self)))
        case .longBinGet: try recall(try cursor.integer(UInt32.self))

        case .global: stack.append(.global(try global()))
        case .reduce:
            let arguments = try pop()
            stack.append(try reduce(try pop(), arguments))
        case .build:
            let state = try pop()
            try build(try top(), state)
        case .binPersistentID: stack.append(try storage(try pop()))
        }
    }

    func failure(_ reason: String) -> CheckpointError { cursor.failure(reason) }
}

// The stack.
extension PickleMachine {
    private func top() throws(CheckpointError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw failure("the pickle's stack is empty") }
        return value
    }

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw failure("the pickle's stack is empty") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw failure("no mark on the pickle's stack") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func recall(_ index: UInt32) throws(CheckpointError) {
        guard let value = memo[index] else { throw failure("the pickle reads entry \(index) of its memo, which it has not written") }
        stack.append(value)
    }
}

// Values.
extension PickleMachine {
    private mutating func pushTuple(_ elements: [PickleValue]) {
        stack.append(.tuple(heap.newSequence(elements)))
    }

    private mutating func appendToList(_ elements: [PickleValue]) throws(CheckpointError) {
        guard case .list(let index) = try top() else { throw failure("an element is appended to \(try top().kind)") }
        heap.append(elements, toSequence: index)
    }

    private mutating func setItems(_ keysAndValues: [PickleValue]) throws(CheckpointError) {
        guard case .dictionary(let index) = try top() else { throw failure("an item is set in \(try top().kind)") }
        guard keysAndValues.count.isMultiple(of: 2) else { throw failure("a key without a value") }
        for start in stride(from: 0, to: keysAndValues.count, by: 2) {
            heap.append(.init(key: keysAndValues[start], value: keysAndValues[start + 1]), toDictionary: index)
        }
    }

    /// Two's complement, the lowest byte first, as many bytes as it says. A 64-bit integer has eight.
    private mutating func longInteger() throws(CheckpointError) -> Int {
        let length = try cursor.byte()
        guard length <= 8 else { throw failure("an integer of \(length) bytes; at most 8 are read") }
        var value: UInt64 = 0
        var last: UInt8 = 0
        for shift in 0..<UInt64(length) {
            last = try cursor.byte()
            value |= UInt64(last) << (8 * shift)
        }
        if last & 0x80 != 0, length < 8 { value |= UInt64.max << (8 * UInt64(length)) }
        return Int(Int64(bitPattern: value))
    }

    /// `module\nname\n`, each at most 128 bytes.
    private mutating func global() throws(CheckpointError) -> TorchGlobal {
        var parts: [String] = []
        for _ in 0..<2 {
            var length = 0
            while let byte = cursor.bytes.byte(at: cursor.position + length), byte != 0x0a {
                length += 1
                guard length <= 128 else { throw failure("a global whose name does not end") }
            }
            parts.append(try cursor.text(count: length))
            try cursor.skip(1)
        }
        let name = parts.joined(separator: ".")
        guard let global = TorchGlobal(rawValue: name) else {
            throw failure(
                "the global \(quoted(name)), which no state dict needs; "
                    + "save model.state_dict(), of plain tensors, alone")
        }
        return global
    }
}
