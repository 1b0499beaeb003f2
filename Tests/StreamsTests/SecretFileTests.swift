import Glibc
import Streams
import Testing

@Suite struct SecretFileTests {
    /// A path of a test's own, free again with the value.
    private final class Path {
        let text = "/tmp/riviera-secret-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        deinit { unlink(text) }
    }

    private func bytes(of path: String, atMost limit: Int = 1 << 20) throws -> [UInt8] {
        try SecretFile(path, atMost: limit).withUnsafeBytes { Array($0) }
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 100_000]) func allBytesAreRead(count: Int) throws {
        let path = Path(), content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try writeFile(content, path.text)
        #expect(try bytes(of: path.text, atMost: max(1, count)) == content)
        guard count > 0 else { return }
        let error = #expect(throws: FileError.self) { try SecretFile(path.text, atMost: count - 1) }
        #expect(error?.description.contains("longer than \(count - 1) bytes") == true)
    }

    @Test func theMarkBeforeATextIsNoneOfIt() throws {
        let path = Path(), mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        for (content, text) in [(mark, ""), (mark + [97], "a"), ([97] + mark, "a\u{FEFF}")] {
            try writeFile(content, path.text)
            #expect(try String(decoding: bytes(of: path.text), as: UTF8.self) == text)
        }
    }

    /// A pipe that nobody writes to would be waited for, with it all who wait for the reader.
    @Test func whatIsNoRegularFileIsRefusedAtOnce() throws {
        let pipe = Path()
        mkfifo(pipe.text, 0o600)
        for (path, words) in [
            (pipe.text, "not a regular file"), ("/dev/zero", "not a regular file"), ("/tmp", "directory"),
            ("/nowhere", "No such file"), ("", "no path"),
        ] {
            let error = #expect(throws: FileError.self) { try SecretFile(path, atMost: 100) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }

    /// The group may have to read it: a supervisor hands files over in that way.
    @Test func whatEverybodyMayReadOrChangeIsAWarning() throws {
        let path = Path()
        try writeFile([97], path.text)
        for mode in [0o400, 0o440, 0o600, 0o640, 0o660, 0o604, 0o602, 0o444, 0o644, 0o666, 0o777] as [mode_t] {
            chmod(path.text, mode)
            let warning = try SecretFile(path.text, atMost: 100).warning
            #expect((warning != nil) == (mode & 0o006 != 0))
            guard let warning else { continue }
            #expect(warning.contains(path.text) && warning.contains("mode \(String(mode, radix: 8))"))
        }
    }
}
