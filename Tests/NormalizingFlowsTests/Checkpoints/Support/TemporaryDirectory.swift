import Glibc
import NormalizingFlows

/// A directory that goes with its files when the test is over.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/riviera-tests-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            guard mkdtemp(buffer.baseAddress!) != nil else { preconditionFailure("no temporary directory") }
            return String(cString: buffer.baseAddress!)
        }
    }

    deinit {
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    /// What is in it, sorted.
    var names: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes a new file, whatever had the name before, and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], as name: String = "file") -> String {
        let file = path + "/" + name
        unlink(file)  // overwriting would make some file systems wait for the disk
        guard let stream = fopen(file, "w") else { preconditionFailure("no file in the temporary directory") }
        let written = fwrite(bytes, 1, bytes.count, stream)
        guard written == bytes.count, fclose(stream) == 0 else { preconditionFailure("the file is not whole") }
        return file
    }

    func read(_ name: String) throws -> [UInt8] {
        try MappedFile(path + "/" + name).bytes.withUnsafeBytes { Array($0) }
    }
}

/// Opens `bytes` as a checkpoint. The directory may go: the file stays mapped.
func open(_ bytes: [UInt8]) throws(CheckpointError) -> Checkpoint {
    let directory = TemporaryDirectory()
    return try Checkpoint(contentsOf: directory.write(bytes))
}

/// The error that `bytes` are refused with, without the file's name; `nil` if they are not.
func refusal(_ bytes: [UInt8]) -> String? {
    do throws(CheckpointError) {
        _ = try open(bytes)
        return nil
    } catch {
        return error.place.isEmpty ? error.reason : "\(error.place): \(error.reason)"
    }
}
