import API
import Glibc
import NormalizingFlows
import Riviera
import Streams
import Testing

@Suite struct TrainingImagesTests {
    /// A folder of its own that goes away with the value, with everything in it.
    private final class Folder {
        let path: String

        init() throws {
            path = "/tmp/riviera-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            mkdir(path, 0o777)
        }

        /// A PNG of these bytes, a row of `width` after the other.
        func add(_ name: String, width: Int, _ bytes: [UInt8], known: Bool = true) throws {
            let size = PNG.Size(width: width, height: bytes.count / width)
            let image = GrayscaleImage(
                size: size, samples: bytes.map { Double($0) / 255 },
                known: bytes.indices.map { known || $0 > 0 })
            try writeFile(try PNG.encode(image), "\(path)/\(name)")
        }

        func add(folder name: String) { mkdir("\(path)/\(name)", 0o777) }

        deinit { _ = try? ChildProcess.output(of: "rm", ["-r", path], input: []) }
    }

    private func idx(_ images: Int, _ rows: Int, _ columns: Int, _ pixels: Int) -> [UInt8] {
        [0, 0, 8, 3] + [images, rows, columns].flatMap { [0, 0, 0, UInt8($0)] } + (0..<pixels).map { UInt8($0) }
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func anIDXFileIsReadWholeOrItsFirstImages() throws {
        let file = try TemporaryFile(idx(3, 2, 4, 24))
        let all = try TrainingImages.read(file.path, limit: nil)
        #expect((all.count, all.rows, all.columns) == (3, 2, 4))
        #expect(all.bytes == (0..<24).map { UInt8($0) })
        #expect(try TrainingImages.read(file.path, limit: 2).bytes == Array(all.bytes[..<16]))
        #expect(try TrainingImages.read(file.path, limit: 9).count == 3)
    }

    @Test func anIDXFileThatIsCutOffIsNamed() throws {
        let file = try TemporaryFile(idx(3, 2, 4, 23))
        #expect(throws: CheckpointError.self) { try TrainingImages.read(file.path, limit: nil) }
        #expect(try TrainingImages.read(file.path, limit: 2).count == 2)
    }

    @Test func picturesOfAFolderComeInOrderOfTheirPaths() throws {
        let folder = try Folder()
        folder.add(folder: "b")
        try folder.add("c.png", width: 2, [5, 6])
        try folder.add("b/z.PNG", width: 2, [3, 4])
        try folder.add("a.png", width: 2, [1, 255])
        try writeFile(Array("no picture".utf8), "\(folder.path)/readme.txt")
        let images = try TrainingImages.read(folder.path, limit: nil)
        #expect((images.rows, images.columns) == (1, 2))
        #expect(images.bytes == [1, 255, 3, 4, 5, 6])
        #expect(try TrainingImages.read(folder.path, limit: 1).bytes == [1, 255])
    }

    @Test func whatCannotBeLearnedFromIsNamed() throws {
        let folder = try Folder()
        #expect(
            message { _ = try TrainingImages.read(folder.path, limit: nil) }.contains("no file whose name ends in .png")
        )
        try folder.add("a.png", width: 2, [1, 2])
        try folder.add("b.png", width: 1, [1, 2])
        let sizes = message { _ = try TrainingImages.read(folder.path, limit: nil) }
        #expect(sizes.contains("b.png") && sizes.contains("a.png") && sizes.contains("1×2") && sizes.contains("2×1"))
        try folder.add("b.png", width: 2, [1, 2], known: false)
        #expect(message { _ = try TrainingImages.read(folder.path, limit: nil) }.contains("transparent"))
        try writeFile([1, 2, 3], "\(folder.path)/b.png")
        #expect(message { _ = try TrainingImages.read(folder.path, limit: nil) }.contains("b.png"))
        #expect(message { _ = try TrainingImages.read("/nowhere", limit: nil) }.hasPrefix("/nowhere: "))
        #expect(!message { _ = try TrainingImages.read("", limit: nil) }.isEmpty)
    }
}
