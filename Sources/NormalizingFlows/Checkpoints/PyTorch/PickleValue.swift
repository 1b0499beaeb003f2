/// What the pickle machine has on its stack.
///
/// Containers are numbers of places in a `PickleHeap`, never the contents: Python's are shared and
/// filled after they were remembered, and a nesting a million deep is then no recursion for anybody.
enum PickleValue: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(TorchGlobal)
    case storage(Int)
    case tensor(Int)

    /// For errors.
    var kind: String {
        switch self {
        case .none: "None"
        case .boolean: "a bool"
        case .integer: "an int"
        case .float: "a float"
        case .string: "a string"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dict"
        case .global(let global): "the global \(global.rawValue)"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The containers of one pickle.
struct PickleHeap: Sendable {
    struct Item: Sendable { let key, value: PickleValue }
    /// `torch.FloatStorage` and its like, by the name of its entry in the archive.
    struct Storage: Sendable { let type: TorchGlobal; let key: String; let count: Int }
    /// The arguments of `_rebuild_tensor_v2`, not yet checked against anything.
    struct Tensor: Sendable { let storage: Storage; let offset: Int; let shape, strides: [Int] }

    private(set) var sequences: [[PickleValue]] = []  // tuples and lists
    private(set) var dictionaries: [[Item]] = []
    private(set) var storages: [Storage] = []
    private(set) var tensors: [Tensor] = []

    mutating func newSequence(_ elements: [PickleValue]) -> Int {
        sequences.append(elements)
        return sequences.count - 1
    }

    mutating func newDictionary() -> Int {
        dictionaries.append([])
        return dictionaries.count - 1
    }

    mutating func new(_ storage: Storage) -> Int {
        storages.append(storage)
        return storages.count - 1
    }

    mutating func new(_ tensor: Tensor) -> Int {
        tensors.append(tensor)
        return tensors.count - 1
    }

    mutating func append(_ elements: some Sequence<PickleValue>, toSequence index: Int) {
        sequences[index].append(contentsOf: elements)
    }

    mutating func append(_ item: Item, toDictionary index: Int) {
        dictionaries[index].append(item)
    }
}
