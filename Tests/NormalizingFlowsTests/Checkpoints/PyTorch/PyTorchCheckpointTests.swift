import Fixtures
import NormalizingFlows
import Testing

@Suite struct PyTorchCheckpointTests {
    private func tensor(_ type: String = "FloatStorage", key: String = "0", count: Int = 4, shape: [Int] = [4], strides: [Int] = [1]) -> [UInt8] {
        Pickle.tensor(Pickle.storage(type, key, count), shape: shape, strides: strides)
    }

    private let storage = TorchFile.bytes([1, 2, 3, 4])

    @Test func tensorsMayShareAStorage() throws {
        let items = [(Pickle.string("a"), tensor(shape: [2, 2], strides: [2, 1])), (Pickle.string("b"), tensor(shape: [2, 2], strides: [1, 2]))]
        let checkpoint = try open(TorchFile.archive(Pickle.program(Pickle.dictionary(items)), [storage]).bytes)
        #expect(checkpoint["a"]?.floats() == [1, 2, 3, 4])
        #expect(checkpoint["b"]?.floats() == [1, 3, 2, 4])
        try checkpoint.verify()
    }

    /// 10 000 tensors, all the same megabyte: ten gigabytes for whoever copies them.
    @Test func tensorsCannotClaimManyTimesTheFile() {
        let large = [UInt8](repeating: 0, count: 1 << 20)
        let items = (0..<10_000).map { (Pickle.string("\($0)"), tensor(count: 1 << 18, shape: [1 << 18])) }
        #expect(refusal(TorchFile.archive(Pickle.program(Pickle.dictionary(items)), [large]).bytes)?.hasSuffix("which is more than 8 times the file") == true)
    }

    @Test(arguments: ["DoubleStorage", "LongStorage", "BoolStorage", "ComplexFloatStorage"])
    func otherElementTypesAreRefusedByName(type: String) {
        #expect(refusal(TorchFile.oneTensor(tensor(type), storage: storage))
            == "tensor \"x\": its elements are a torch.\(type); float32, float16 and bfloat16 are read")
    }

    /// They may stand beside the state dict: a generator's state is one.
    @Test func otherElementTypesBesideTheStateDictDoNoHarm() throws {
        let items = [(Pickle.string("model"), Pickle.dictionary([(Pickle.string("x"), tensor())])),
                     (Pickle.string("rng"), Pickle.tuple(tensor("ByteStorage"), [0x4e]))]
        #expect(try open(TorchFile.archive(Pickle.program(Pickle.dictionary(items)), [storage]).bytes)["x"]?.count == 4)
    }

    @Test func storagesMustBeThereAndAsLargeAsThePickleSays() {
        #expect(refusal(TorchFile.oneTensor(tensor(key: "7"), storage: storage)) == "tensor \"x\": its storage \"archive/data/7\" is not in the archive")
        #expect(refusal(TorchFile.oneTensor(tensor(key: "../version"), storage: storage))?.hasSuffix("is not in the archive") == true)
        for count in [3, 5, 1 << 62, .max] {
            #expect(refusal(TorchFile.oneTensor(tensor(count: count, shape: [1]), storage: storage))?.contains("but \"archive/data/0\" has 16 bytes") == true)
        }
        #expect(refusal(TorchFile.oneTensor(tensor("HalfStorage"), storage: storage))?.contains("4 elements of 2 bytes") == true)
        #expect(refusal(TorchFile.oneTensor(tensor(count: -1), storage: storage))?.contains("a persistent identifier that is not") == true)
    }

    @Test func bigEndianFilesAreRefused() {
        let pickle = Pickle.program(Pickle.dictionary([(Pickle.string("x"), tensor())]))
        #expect(refusal(TorchFile.archive(pickle, [storage], byteOrder: "big").bytes)
            == "entry \"archive/byteorder\": numbers are not stored in little-endian order")
    }

    @Test func filesFromBeforeByteOrdersAreLittleEndian() throws {
        var zip = TorchFile.archive(Pickle.program(Pickle.dictionary([(Pickle.string("x"), tensor())])), [storage])
        zip.entries.remove(at: 1)
        #expect(try open(zip.bytes)["x"]?.floats() == [1, 2, 3, 4])
    }

    @Test func otherZipFilesAreRefused() {
        #expect(refusal(ZipWriter(entries: [.init(name: "a.txt", contents: [1])]).bytes)
            == "zip directory: no FOLDER/data.pkl: a zip file, but not one that torch.save wrote")
        #expect(refusal(ZipWriter(entries: ["a", "b"].map { .init(name: "\($0)/data.pkl", contents: [1]) }).bytes)
            == "zip directory: more than one FOLDER/data.pkl")
    }
}
