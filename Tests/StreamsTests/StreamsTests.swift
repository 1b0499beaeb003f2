import Glibc
import Streams
import Testing

@Suite struct StreamsTests {
    private func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func aFullDiskAndAClosedPipeAreReported() throws {
        signal(SIGPIPE, SIG_IGN)
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        #expect(!writeAll([1], to: full) && errno == ENOSPC)
        let (reading, writing) = try pipe()
        close(reading)
        #expect(!writeAll([1], to: writing) && errno == EPIPE)
        close(writing)
        #expect(!writeAll([1], to: writing) && errno == EBADF)
        #expect(throws: FileError.self) { try writeFile([1], "/dev/full") }
    }

    @Test(arguments: [false, true]) func aPipeThatNobodyReadsIsGivenUp(isNonblocking: Bool) throws {
        let (reading, writing) = try pipe()
        defer { for end in [reading, writing] { close(end) } }
        if isNonblocking { _ = fcntl(writing, F_SETFL, O_NONBLOCK) }
        #expect(!writeAll(Array(repeating: 0, count: 1 << 20), to: writing, patience: .zero))
        #expect(errno == EAGAIN)
        var held: Int32 = 0
        #expect(ioctl(reading, UInt(FIONREAD), &held) == 0 && held > 0)
    }

    @Test(arguments: [false, true]) func whatIsWrittenArrivesWhole(isNonblocking: Bool) async throws {
        let (reading, writing) = try pipe()
        if isNonblocking { _ = fcntl(writing, F_SETFL, O_NONBLOCK) }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let reader = Task.detached { try readAll(from: reading, name: "pipe") }
        let isWritten = await Task.detached { writeAll(bytes, to: writing) }.value
        #expect(isWritten)
        close(writing)
        #expect(try await reader.value == bytes)
        close(reading)
    }

    @Test func readingHasALimit() throws {
        #expect(throws: FileError.self) { try readFile("/dev/zero", atMost: 100_000) }
        #expect(try readFile("/dev/null", atMost: 0).isEmpty)
        #expect(!(try readFile("/proc/self/status", atMost: 100_000).isEmpty))
    }

    @Test(arguments: ["", "/", "/nowhere/at/all", "/tmp/.", "/proc/self/mem", String(repeating: "x", count: 5000)])
    func whatIsNoReadableFileIsNamedInOneLine(path: String) {
        #expect { try readFile(path) } throws: { error in
            let line = "\(error)"
            return !line.contains("\n") && line.contains(path.isEmpty ? "“”" : path)
        }
    }
}
