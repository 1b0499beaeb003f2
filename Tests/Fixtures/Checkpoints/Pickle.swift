/// Pieces of pickles of protocol 2, by their opcodes.
public enum Pickle {
    public static func program(_ body: [UInt8]...) -> [UInt8] { [0x80, 2] + body.joined() + [0x2e] }
    public static func string(_ text: String) -> [UInt8] { [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8) }
    public static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    public static func tuple(_ elements: [UInt8]...) -> [UInt8] { [0x28] + elements.joined() + [0x74] }
    public static func tuple(_ integers: [Int]) -> [UInt8] { [0x28] + integers.flatMap(integer) + [0x74] }
    public static func dictionary(_ items: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
        [0x7d, 0x28] + items.flatMap { $0.key + $0.value } + [0x75]
    }

    /// The shortest opcode that holds it, as Python's own writer chooses.
    public static func integer(_ value: Int) -> [UInt8] {
        if let byte = UInt8(exactly: value) { return [0x4b, byte] }
        if let word = UInt16(exactly: value) { return [0x4d] + little(word) }
        if let word = Int32(exactly: value) { return [0x4a] + little(word) }
        return [0x8a, 8] + little(Int64(value))
    }

    public static let orderedDict = global("collections", "OrderedDict") + [0x29, 0x52]
    public static let rebuildTensor = global("torch._utils", "_rebuild_tensor_v2")

    public static func storage(_ type: String, _ key: String, _ count: Int) -> [UInt8] {
        tuple(string("storage"), global("torch", type), string(key), string("cpu"), integer(count)) + [0x51]
    }

    public static func tensor(_ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        rebuildTensor + tuple(storage, integer(offset), tuple(shape), tuple(strides), [0x89], orderedDict) + [0x52]
    }
}
