import Glibc
import Page
import Streams
import Weights

/// The files that come with the program, in folders beside the executable.
package enum BundledFiles {
    /// The default model's weights.
    ///
    /// - Throws: `FileError` where the program was copied without them.
    static func standardWeights() throws(FileError) -> String { try weights(BundledModel.all[0].file) }

    /// The path of the weights of that name.
    ///
    /// - Throws: `FileError` where the program was copied without them.
    static func weights(_ file: String) throws(FileError) -> String {
        let path = path(ofWeights: file)
        guard access(path, R_OK) == 0 else {
            throw FileError(
                path, "the weights are not beside the executable; copy this folder with it, or name a file with --model"
            )
        }
        return path
    }

    /// Whether the program was copied with the weights of that name.
    static func hasWeights(_ file: String) -> Bool { access(path(ofWeights: file), R_OK) == 0 }

    private static func path(ofWeights file: String) -> String { "\(directory)\(WEIGHTS_FOLDER)/\(file)" }

    /// What the page's files hold, by their path within its folder; none where the program was copied without them.
    ///
    /// - Throws: `FileError` for a file that is there and cannot be read.
    static func page() throws(FileError) -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        try read("\(directory)\(PAGE_FOLDER)", as: "", deepest: 4, into: &contents)
        return contents
    }

    /// Where the executable itself is, not a link to it.
    private static var directory: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return executable.lastIndex(of: "/").map { String(executable[...$0]) } ?? ""
    }

    /// - Parameters:
    ///   - name: what the folder's files are called in front of their own names
    ///   - deepest: folders below it are read to this depth
    private static func read(
        _ folder: String, as name: String, deepest: Int, into contents: inout [String: [UInt8]]
    ) throws(FileError) {
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let file = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !file.hasPrefix(".") else { continue }
            let path = "\(folder)/\(file)"
            var status = stat()
            guard stat(path, &status) == 0 else { throw FileError(path, "cannot be read", errno) }
            if status.st_mode & S_IFMT == S_IFDIR {
                if deepest > 0 { try read(path, as: "\(name)\(file)/", deepest: deepest - 1, into: &contents) }
            } else {
                contents["\(name)\(file)"] = try readFile(path, atMost: 4 << 20)
            }
        }
    }
}
