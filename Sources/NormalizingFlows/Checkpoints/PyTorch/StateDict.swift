/// The named tensors of a pickle: the state dict itself, or the only one under a key of the dict that
/// a training script saved (`{"epoch": …, "model": {…}, "optimizer": {…}}`), whatever else is in that dict.
struct StateDict {
    /// In the order of the dict. Names are unique.
    private(set) var tensors: [(name: String, tensor: PickleHeap.Tensor)] = []

    init(_ result: PickleValue, in heap: PickleHeap, failure: (String) -> CheckpointError) throws(CheckpointError) {
        guard case .dictionary(let root) = result else {
            throw failure("\(result.kind), where a state dict (names and tensors) was expected")
        }
        var items = heap.dictionaries[root]
        let candidates = items.filter { heap.isStateDict($0.value) }
        if let only = candidates.first, case .dictionary(let index) = only.value {
            guard candidates.count == 1 else {
                let keys = candidates.prefix(8).map { $0.key.asText }.joined(separator: ", ")
                throw failure("several state dicts, under \(keys): save only the one to be used")
            }
            items = heap.dictionaries[index]
        } else if !items.contains(where: { $0.value.isTensor }) {
            throw failure("no tensors, neither in the dict itself nor in one inside it")
        }

        var names: Set<String> = []
        for item in items {
            guard case .string(let name) = item.key else {
                throw failure("\(item.key.kind) as a key of the state dict, where a name was expected")
            }
            guard case .tensor(let index) = item.value else {
                throw failure("\(quoted(name)) is \(item.value.kind), where a tensor was expected")
            }
            guard name.utf8.count <= CheckpointTensor.longestName else {
                throw failure("a tensor's name of \(name.utf8.count) bytes; at most \(CheckpointTensor.longestName) are read")
            }
            guard names.insert(name).inserted else { throw failure("two tensors named \(quoted(name))") }
            tensors.append((name, heap.tensors[index]))
        }
    }
}

extension PickleHeap {
    /// Whether it is a dict of tensors, by names, and has one.
    fileprivate func isStateDict(_ value: PickleValue) -> Bool {
        guard case .dictionary(let index) = value else { return false }
        return !dictionaries[index].isEmpty && dictionaries[index].allSatisfy { $0.value.isTensor && $0.key.isString }
    }
}

extension PickleValue {
    fileprivate var isTensor: Bool {
        if case .tensor = self { true } else { false }
    }

    fileprivate var isString: Bool {
        if case .string = self { true } else { false }
    }

    /// A key, for errors.
    fileprivate var asText: String {
        switch self {
        case .string(let text): quoted(text)
        case .integer(let integer): String(integer)
        default: kind
        }
    }
}
