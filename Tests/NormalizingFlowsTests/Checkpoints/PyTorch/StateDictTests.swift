import Fixtures
import NormalizingFlows
import Testing

@Suite struct StateDictTests {
    private static let tensor = Pickle.tensor(Pickle.storage("FloatStorage", "0", 1), shape: [1], strides: [1])
    private static let model = Pickle.dictionary([(Pickle.string("x"), tensor)])

    private func file(_ items: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
        TorchFile.archive(Pickle.program(Pickle.dictionary(items)), [TorchFile.bytes([1])]).bytes
    }

    @Test(arguments: ["state_dict", "model", "weights"])
    func theOnlyDictOfTensorsIsFound(key: String) throws {
        let checkpoint = try open(file([
            (Pickle.string("epoch"), Pickle.integer(3)), (Pickle.string(key), Self.model),
            (Pickle.string("optimizer"), Pickle.dictionary([(Pickle.string("state"), Pickle.dictionary([(Pickle.integer(0), Self.tensor)]))])),
        ]))
        #expect(checkpoint.tensors.map(\.name) == ["x"])
    }

    @Test func twoDictsOfTensorsAreAmbiguous() {
        #expect(refusal(file([(Pickle.string("model"), Self.model), (Pickle.string("ema"), Self.model)]))
            == "entry \"archive/data.pkl\": several state dicts, under \"model\", \"ema\": save only the one to be used")
    }

    @Test func dictsWithoutTensorsAreRefused() {
        for items in [[], [(Pickle.string("x"), Pickle.integer(1))], [(Pickle.string("x"), [0x7d])],
                      [(Pickle.string("a"), Pickle.dictionary([(Pickle.string("b"), Self.model)]))]] {
            #expect(refusal(file(items)) == "entry \"archive/data.pkl\": no tensors, neither in the dict itself nor in one inside it")
        }
    }

    @Test func whatIsNotATensorAmongTensorsIsNamed() {
        #expect(refusal(file([(Pickle.string("x"), Self.tensor), (Pickle.string("epoch"), Pickle.integer(1))]))
            == "entry \"archive/data.pkl\": \"epoch\" is an int, where a tensor was expected")
        #expect(refusal(file([(Pickle.integer(1), Self.tensor)]))
            == "entry \"archive/data.pkl\": an int as a key of the state dict, where a name was expected")
        #expect(refusal(file([(Pickle.string("x"), Self.tensor), (Pickle.string("x"), Self.tensor)]))
            == "entry \"archive/data.pkl\": two tensors named \"x\"")
    }

    @Test func aTensorBesideTheStateDictDoesNoHarm() throws {
        let checkpoint = try open(file([
            (Pickle.string("best_loss"), Self.tensor), (Pickle.string("model"), Self.model), (Pickle.string("epoch"), Pickle.integer(3)),
        ]))
        #expect(checkpoint.tensors.map(\.name) == ["x"])
    }

    /// Swift compares names by canonical equivalence, in quadratic time for a run of combining marks.
    @Test func longNamesAreRefused() {
        let name = "a" + String(repeating: "\u{301}\u{323}", count: 1 << 20)
        #expect(refusal(file([(Pickle.string(name), Self.tensor)]))?.contains("a tensor's name of 4194305 bytes; at most 1024 are read") == true)
    }
}
