// What the allowed globals do.
extension PickleMachine {
    /// `function(*arguments)`.
    mutating func reduce(_ function: PickleValue, _ arguments: PickleValue) throws(CheckpointError) -> PickleValue {
        guard case .global(let global) = function, case .tuple(let index) = arguments else {
            throw failure("\(function.kind) is called with \(arguments.kind)")
        }
        let arguments = heap.sequences[index]
        switch global {
        case .orderedDict where arguments.isEmpty:
            return .dictionary(heap.newDictionary())
        case .rebuildTensor:
            return try tensor(arguments)
        case .rebuildParameter:  // (data, requires_grad, backward_hooks)
            guard arguments.count == 3, case .tensor = arguments[0], isEmptyDictionary(arguments[2]) else { break }
            return arguments[0]
        default: break
        }
        throw misuse(of: global)
    }

    /// An OrderedDict may bring attributes (`_metadata`, the versions of modules). They say nothing
    /// about the numbers and are dropped.
    func build(_ object: PickleValue, _ state: PickleValue) throws(CheckpointError) {
        guard case .dictionary = object, case .dictionary = state else {
            throw failure("\(object.kind) is given \(state.kind) as its state")
        }
    }

    /// A persistent identifier: ("storage", type, key, location, count).
    mutating func storage(_ identifier: PickleValue) throws(CheckpointError) -> PickleValue {
        guard case .tuple(let index) = identifier, heap.sequences[index].count == 5,
            case .string(let kind) = heap.sequences[index][0], kind.utf8.elementsEqual("storage".utf8),
            case .global(let type) = heap.sequences[index][1], type.isStorage,
            case .string(let key) = heap.sequences[index][2], key.utf8.count <= CheckpointTensor.longestName,
            case .string = heap.sequences[index][3],
            case .integer(let count) = heap.sequences[index][4], count >= 0
        else { throw failure("a persistent identifier that is not (\"storage\", type, key, location, count)") }
        return .storage(heap.new(PickleHeap.Storage(type: type, key: key, count: count)))
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks[, metadata])`.
    /// Metadata marks lazily conjugated or negated tensors: only its absence is understood.
    private mutating func tensor(_ arguments: [PickleValue]) throws(CheckpointError) -> PickleValue {
        guard arguments.count == 6 || arguments.count == 7,
            case .storage(let storage) = arguments[0],
            case .integer(let offset) = arguments[1],
            let shape = integers(arguments[2]), let strides = integers(arguments[3]),
            case .boolean = arguments[4], isEmptyDictionary(arguments[5]),
            arguments.count == 6 || isEmptyDictionary(arguments[6])
        else { throw misuse(of: .rebuildTensor) }
        return .tensor(heap.new(PickleHeap.Tensor(
            storage: heap.storages[storage], offset: offset, shape: shape, strides: strides)))
    }

    private func misuse(of global: TorchGlobal) -> CheckpointError {
        failure("\(global.rawValue) is called with other arguments than torch.save writes")
    }

    private func isEmptyDictionary(_ value: PickleValue) -> Bool {
        guard case .dictionary(let index) = value else { return false }
        return heap.dictionaries[index].isEmpty
    }

    /// A shape or strides. Not longer than the 64 dimensions that PyTorch's operations take: one long
    /// tuple, mentioned a million times, would otherwise be copied a million times.
    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let index) = value, heap.sequences[index].count <= 64 else { return nil }
        var result: [Int] = []
        for element in heap.sequences[index] {
            guard case .integer(let integer) = element else { return nil }
            result.append(integer)
        }
        return result
    }
}
