import Glibc
import NormalizingFlows
import Testing

@Suite struct MappedFileTests {
    let directory = TemporaryDirectory()

    @Test func showsTheFilesBytes() throws {
        let contents = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = try MappedFile(directory.write(contents))
        #expect(file.size == contents.count)
        #expect(file.bytes.withUnsafeBytes { Array($0) } == contents)
        file.releasePages()
        #expect(file.bytes.withUnsafeBytes { Array($0) } == contents)
    }

    @Test func anEmptyFileIsEmpty() throws {
        let file = try MappedFile(directory.write([]))
        #expect(file.size == 0)
        #expect(file.bytes.withUnsafeBytes { $0.count } == 0)
        file.releasePages()
    }

    @Test func staysMappedWhenTheNameIsGone() throws {
        let path = directory.write([1, 2, 3])
        let bytes = try MappedFile(path).bytes
        unlink(path)
        #expect(bytes.withUnsafeBytes { Array($0) } == [1, 2, 3])
    }

    @Test func refusesWhatIsNotARegularFile() {
        let pipe = directory.path + "/pipe"
        mkfifo(pipe, 0o600)
        for path in [directory.path, pipe, "/dev/zero"] {
            #expect(throws: CheckpointError(file: path, reason: "is not a regular file")) { try MappedFile(path) }
        }
        let missing = directory.path + "/missing"
        #expect(throws: CheckpointError(file: missing, reason: "cannot be opened: No such file or directory")) {
            try MappedFile(missing)
        }
    }
}
