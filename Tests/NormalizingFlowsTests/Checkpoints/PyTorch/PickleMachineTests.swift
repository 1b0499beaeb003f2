import Fixtures
import NormalizingFlows
import Testing

@Suite struct PickleMachineTests {
    /// How a file with this pickle is refused.
    private func refusal(_ pickle: [UInt8]) -> String? {
        NormalizingFlowsTests.refusal(TorchFile.archive(pickle, [TorchFile.bytes([1])]).bytes)
    }

    private static let tensor = Pickle.tensor(Pickle.storage("FloatStorage", "0", 1), shape: [1], strides: [1])

    @Test func everythingThatAStateDictNeedsRuns() throws {
        // Every allowed opcode and global, none with an effect but the last item.
        let extras: [[UInt8]] = [
            [0x4e], [0x88], [0x89], Pickle.integer(1), Pickle.integer(1000), Pickle.integer(-1), Pickle.integer(.max),
            [0x8a, 0], [0x8a, 1, 0xff], [0x47, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], [0x29], [0x4e, 0x85], [0x4e, 0x4e, 0x86],
            [0x4e, 0x4e, 0x4e, 0x87], [0x5d, 0x4e, 0x61], [0x5d, 0x28, 0x4e, 0x4e, 0x65], [0x7d, 0x4e, 0x4e, 0x73],
            [0x4e, 0x71, 9], [0x4e] + [0x72] + little(900 as UInt32), [0x68, 9], [0x6a] + little(900 as UInt32),
            Pickle.orderedDict + [0x7d, 0x62],
            Pickle.global("torch._utils", "_rebuild_parameter") + Pickle.tuple(Self.tensor, [0x88], Pickle.orderedDict) + [0x52],
        ]
        let root = [(Pickle.string("extras"), [0x28] + extras.joined() + [0x74]), (Pickle.string("model"), Pickle.dictionary([(Pickle.string("x"), Self.tensor)]))]
        let checkpoint = try open(TorchFile.archive(Pickle.program(Pickle.dictionary(root)), [TorchFile.bytes([1])]).bytes)
        #expect(checkpoint["x"]?.floats() == [1])
    }

    @Test func parametersAreTheirTensors() throws {
        let parameter = Pickle.global("torch._utils", "_rebuild_parameter") + Pickle.tuple(Self.tensor, [0x88], Pickle.orderedDict) + [0x52]
        #expect(try open(TorchFile.oneTensor(parameter, storage: TorchFile.bytes([1])))["x"]?.floats() == [1])
    }

    /// Python shares what a memo remembers: items set afterwards are there when it is recalled.
    @Test func aRememberedDictIsTheSameDict() throws {
        let recalled = Pickle.program([0x7d], Pickle.string("model"), [0x7d, 0x71, 0, 0x73], Pickle.string("other"), [0x68, 0], Pickle.string("x"), Self.tensor, [0x73, 0x73])
        // Both keys hold the one dict, which had no tensor yet when it was set under the first.
        #expect(refusal(recalled) == "entry \"archive/data.pkl\": several state dicts, under \"model\", \"other\": save only the one to be used")
    }

    @Test(arguments: [("os", "system"), ("builtins", "eval"), ("torch._utils", "_rebuild_tensor_v3"), ("__main__", "NICE"), ("collections", "OrderedDict.fromkeys")])
    func otherGlobalsAreRefusedByName(module: String, name: String) {
        let reason = refusal(Pickle.program(Pickle.global(module, name), Pickle.tuple(Pickle.string("x")), [0x52]))
        #expect(reason?.contains("the global \"\(module).\(name)\", which no state dict needs") == true)
    }

    @Test func otherOpcodesAreRefusedByNumber() {
        let allowed: Set<UInt8> = [
            0x80, 0x2e, 0x28, 0x4e, 0x88, 0x89, 0x4a, 0x4b, 0x4d, 0x8a, 0x47, 0x58, 0x29, 0x74, 0x85, 0x86, 0x87, 0x5d,
            0x61, 0x65, 0x7d, 0x73, 0x75, 0x71, 0x72, 0x68, 0x6a, 0x63, 0x52, 0x62, 0x51,
        ]
        for opcode in UInt8.min...UInt8.max where !allowed.contains(opcode) {
            #expect(refusal([0x80, 2, opcode, 0x2e]) == "entry \"archive/data.pkl\", byte 3: the pickle opcode 0x\(String(opcode, radix: 16)), which no state dict needs")
        }
    }

    @Test func otherProtocolsAreRefused() {
        #expect(refusal([0x80, 4, 0x2e])?.contains("pickle protocol 4") == true)
        #expect(refusal([0x7d, 0x2e])?.contains("not a pickle of protocol 2") == true)
        #expect(refusal([]) == "entry \"archive/data.pkl\", byte 0: it ends too early")
        #expect(refusal([0x80, 2, 0x80, 2])?.contains("begins twice") == true)
    }

    @Test func theStackCannotBeEmptied() {
        for body in [[0x2e], [0x85], [0x4e, 0x86], [0x52], [0x61], [0x73], [0x51], [0x62], [0x71, 0], [0x4e, 0x28, 0x85], [0x7d, 0x28, 0x4e, 0x73]] as [[UInt8]] {
            #expect(refusal([0x80, 2] + body + [0x2e])?.hasSuffix("the pickle's stack is empty") == true, "\(body)")
        }
        #expect(refusal([0x80, 2, 0x74, 0x2e])?.hasSuffix("no mark on the pickle's stack") == true)
        #expect(refusal([0x80, 2, 0x68, 7, 0x2e])?.hasSuffix("the pickle reads entry 7 of its memo, which it has not written") == true)
    }

    @Test func thePickleMustEndWhereItStops() {
        #expect(refusal([0x80, 2, 0x4e, 0x2e, 0x2e])?.hasSuffix("the pickle stops with something left over") == true)
        #expect(refusal([0x80, 2, 0x4e, 0x4e, 0x2e])?.hasSuffix("the pickle stops with something left over") == true)
        #expect(refusal([0x80, 2, 0x4e])?.hasSuffix("it ends too early") == true)
    }

    @Test func lengthsAreNotTakenOnTrust() {
        #expect(refusal([0x80, 2, 0x58] + little(UInt32.max) + [0x2e])?.hasSuffix("it ends too early") == true)
        #expect(refusal([0x80, 2, 0x8a, 255, 0x2e])?.hasSuffix("an integer of 255 bytes; at most 8 are read") == true)
        #expect(refusal([0x80, 2, 0x58] + little(1 as UInt32) + [0xff, 0x2e])?.hasSuffix("text that is not UTF-8") == true)
        #expect(refusal([0x80, 2, 0x63] + [UInt8](repeating: 0x61, count: 1000))?.hasSuffix("a global whose name does not end") == true)
    }

    @Test func aMillionFoldNestingIsNoRecursion() {
        let deep = Pickle.program([0x4e], [UInt8](repeating: 0x85, count: 1_000_000))
        #expect(refusal(deep)?.contains("a tuple, where a state dict") == true)
        let endless = Pickle.program([0x4e], [UInt8](repeating: 0x85, count: 1_100_000))
        #expect(refusal(endless)?.hasSuffix("the pickle runs for more than 1048576 opcodes") == true)
    }

    @Test func aDictInsideItselfIsNotFollowed() {
        let pickle = Pickle.program([0x7d, 0x71, 0], Pickle.string("x"), [0x68, 0, 0x73])
        #expect(refusal(pickle)?.contains("no tensors") == true)
    }

    @Test func callsWithOtherArgumentsAreRefused() {
        let storage = Pickle.storage("FloatStorage", "0", 1)
        let zero = Pickle.integer(0)
        let one = Pickle.tuple([1])
        let hooks = Pickle.dictionary([([0x4e], [0x4e])])
        for arguments in [
            Pickle.tuple(storage), Pickle.tuple(zero, zero, one, one, [0x89], Pickle.orderedDict),
            Pickle.tuple(storage, zero, one, one, [0x89], hooks),
            Pickle.tuple(storage, zero, one, one, [0x89], Pickle.orderedDict, hooks),
            Pickle.tuple(storage, zero, zero, one, [0x89], Pickle.orderedDict),
            Pickle.tuple(storage, zero, Pickle.tuple([Int](repeating: 1, count: 65)), one, [0x89], Pickle.orderedDict),
        ] {
            #expect(refusal(Pickle.program(Pickle.rebuildTensor, arguments, [0x52]))?.contains("is called with other arguments") == true)
        }
        #expect(refusal(Pickle.program(Pickle.global("collections", "OrderedDict"), one, [0x52]))?.contains("is called with other arguments") == true)
        #expect(refusal(Pickle.program(Pickle.global("torch", "FloatStorage"), one, [0x52]))?.contains("is called with other arguments") == true)
        #expect(refusal(Pickle.program([0x4e], one, [0x52]))?.hasSuffix("None is called with a tuple") == true)
        #expect(refusal(Pickle.program([0x4e, 0x51]))?.contains("a persistent identifier that is not") == true)
        #expect(refusal(Pickle.program(Pickle.tensor(storage, shape: [1], strides: [1]), [0x7d, 0x62]))?.hasSuffix("a tensor is given a dict as its state") == true)
    }
}
