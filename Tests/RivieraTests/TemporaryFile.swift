import Glibc
import Riviera
import Streams

/// A file of its own that goes away with the value.
final class TemporaryFile {
    let path: String

    convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

    init(_ bytes: [UInt8] = []) throws {
        path = "/tmp/riviera-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        try writeFile(bytes, path)
    }

    /// Gives it another content.
    func replace(_ text: String) throws { try writeFile(Array(text.utf8), path) }

    deinit { unlink(path) }
}
