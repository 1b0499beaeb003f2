import Fixtures
import NormalizingFlows
import Testing

@Suite struct CheckpointTests {
    let tensors: [(name: String, shape: [Int], values: [Float])] = [("b", [2], [1, 2]), ("a", [1, 3], [3, 4, 5])]

    @Test func theContentsDecideTheFormat() throws {
        let torch = try open(TorchFile.stateDict(tensors))
        #expect(torch.format == .pyTorch)
        let directory = TemporaryDirectory()
        try writeSafeTensors(tensors, metadata: ["k": "v"], to: directory.path + "/model.pt")
        let safe = try Checkpoint(contentsOf: directory.path + "/model.pt")
        #expect(safe.format == .safeTensors)
        for checkpoint in [torch, safe] {
            #expect(checkpoint.tensors.map(\.name) == ["b", "a"])
            #expect(checkpoint["a"]?.shape == [1, 3])
            #expect(checkpoint["a"]?.floats() == [3, 4, 5])
            #expect(checkpoint["c"] == nil)
            try checkpoint.verify()
        }
        #expect(torch.metadata == [:])
        #expect(safe.metadata == ["k": "v"])
    }

    @Test func otherFilesAreRefusedInOneLine() {
        #expect(refusal([]) == "is empty")
        #expect(refusal(Array("not a checkpoint".utf8)) == "is neither a PyTorch checkpoint (a zip file) nor safetensors")
        #expect(refusal([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e])
            == "is in torch.save's format from before PyTorch 1.6; load it in PyTorch and save it again")
        #expect(refusal(Array("PK\u{3}\u{4}".utf8)) == "end of the file: no end-of-central-directory record there: the zip file is cut off, or something follows it")
    }

    /// Opening does not read the numbers; `verify` does.
    @Test func verifyingFindsADamagedNumber() throws {
        var bytes = TorchFile.stateDict(tensors)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: TorchFile.bytes([3, 4, 5])) })
        bytes[place + 2] ^= 1
        let checkpoint = try open(bytes)
        let error = #expect(throws: CheckpointError.self) { try checkpoint.verify() }
        #expect(error?.place == "entry \"archive/data/1\"")
        #expect(error?.reason.hasPrefix("its CRC-32 is ") == true)
    }
}
