import Fixtures
import Glibc
import NormalizingFlows
import Testing

@Suite struct SafeTensorsWriterTests {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/model.safetensors" }

    private func write(metadata: [String: String] = [:]) throws(CheckpointError) {
        var writer = try SafeTensorsWriter(
            path, tensors: [
                .init(name: "b \"\\\u{1}é", elementType: .float16, shape: [3]), .init(name: "a", elementType: .float32, shape: [1, 2]),
                .init(name: "empty", elementType: .float32, shape: [0]), .init(name: "c", elementType: .bfloat16, shape: []),
            ], metadata: metadata)
        try writer.append([0x3c00, 0x4000, 0x0001] as [UInt16])
        try writer.append([1.5, -2] as [Float])
        try writer.append([] as [Float])
        try writer.append([0x4040] as [UInt16])
        try writer.finish()
    }

    @Test func whatIsWrittenIsRead() throws {
        let metadata = ["name": "n", "line\n": "\"quoted\" \\ \u{7f} 😀", "": ""]
        try write(metadata: metadata)
        let checkpoint = try Checkpoint(contentsOf: path)
        #expect(checkpoint.metadata == metadata)
        #expect(checkpoint.tensors.map(\.name) == ["b \"\\\u{1}é", "a", "empty", "c"])
        #expect(checkpoint.tensors.map { $0.floats() } == [[1, 2, 0x1p-24], [1.5, -2], [], [3]])
    }

    /// The file written out, byte for byte.
    @Test func theBytesAreTheFormats() throws {
        try writeSafeTensors([("w", [1, 2], [1, -2])], metadata: ["b": "2", "a": "1"], to: path)
        let header = #"{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
        let padding = (8 - header.utf8.count % 8) % 8
        #expect(padding > 0)
        #expect(try directory.read("model.safetensors") == little(UInt64(header.utf8.count + padding)) + Array(header.utf8)
            + [UInt8](repeating: 0x20, count: padding) + [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
    }

    @Test func theSameContentsGiveTheSameBytes() throws {
        let metadata = Dictionary(uniqueKeysWithValues: (0..<100).map { ("key \($0)", "\($0)") })
        try write(metadata: metadata)
        let first = try directory.read("model.safetensors")
        try write(metadata: metadata)
        #expect(try directory.read("model.safetensors") == first)
    }

    @Test func theBufferBeginsAtAMultipleOfEight() throws {
        for length in 0..<16 {
            try writeSafeTensors([(String(repeating: "n", count: length), [], [1])], to: path)
            let bytes = try directory.read("model.safetensors")
            #expect((bytes.count - 4).isMultiple(of: 8))
        }
    }

    @Test func onlyAFinishedFileAppears() throws {
        directory.write([1, 2, 3], as: "model.safetensors")
        do {
            var writer = try SafeTensorsWriter(path, tensors: [.init(name: "a", elementType: .float32, shape: [2])])
            try writer.append([1, 2] as [Float])
            #expect(directory.names.count == 2)
            #expect(try directory.read("model.safetensors") == [1, 2, 3])
        }
        #expect(directory.names == ["model.safetensors"])
        #expect(try directory.read("model.safetensors") == [1, 2, 3])
        try write()
        #expect(directory.names == ["model.safetensors"])
        #expect(try directory.read("model.safetensors").count > 3)
    }

    @Test func aFileThatCannotBePutInPlaceLeavesNothing() throws {
        defer { rmdir(path) }
        #expect(throws: CheckpointError.self) {
            let writer = try SafeTensorsWriter(path, tensors: [])
            #expect(directory.names.count == 1)
            mkdir(path, 0o700)
            try writer.finish()
        }
        #expect(directory.names == ["model.safetensors"])
    }

    @Test func symbolicLinksAreFollowed() throws {
        directory.write([], as: "target")
        symlink("target", path)
        try write()
        #expect(directory.names == ["model.safetensors", "target"])
        #expect(try directory.read("target").count > 3)
    }

    @Test func devicesAndMissingDirectoriesAreRefused() {
        #expect(throws: CheckpointError(file: "/dev/null", reason: "cannot be written: it exists and is not a regular file")) {
            try writeSafeTensors([], to: "/dev/null")
        }
        let nowhere = directory.path + "/missing/file"
        #expect(throws: CheckpointError(file: nowhere, reason: "cannot be written: No such file or directory")) {
            try writeSafeTensors([], to: nowhere)
        }
    }
}
