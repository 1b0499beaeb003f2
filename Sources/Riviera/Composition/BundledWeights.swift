import Glibc
import Streams
import Weights

/// The weights that come with the program, in a folder beside the executable.
package enum BundledWeights {
    /// Where the file should be: beside the executable itself, not beside a link to it.
    package static func path() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = executable.lastIndex(of: "/").map { executable[...$0] } ?? ""
        return "\(directory)\(WEIGHTS_FOLDER)/\(WEIGHTS_FILE)"
    }

    /// - Throws: `FileError` where the program was copied without them.
    static func existingPath() throws(FileError) -> String {
        let path = path()
        guard access(path, R_OK) == 0 else {
            throw FileError(
                path, "the shipped weights are not beside the executable; copy that folder with it, or name a file with --model")
        }
        return path
    }
}
