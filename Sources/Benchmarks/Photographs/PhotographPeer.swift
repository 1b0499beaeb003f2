import API
import Streams

/// Inpainting of OpenCV, SciPy and scikit-image: a Python that fills the very same photographs.
package final class PhotographPeer {
    private let process: ChildProcess
    /// Names and versions of the libraries.
    package let version: String
    /// What can be asked for: what is not installed is not among them, and was told on standard error.
    package let methods: [String]

    /// - Throws: `FileError` where Python or NumPy is not there.
    package init(python: String) throws(FileError) {
        let script = String(decoding: PackageResources.photographs_fill_py, as: UTF8.self)
        process = try ChildProcess(python, ["-c", script])
        let line = try? JSONReader.read(try process.line())
        guard let version = line?["version"]?.text, let methods = line?["methods"]?.elements else {
            throw FileError(python, "has no NumPy")
        }
        self.version = version
        self.methods = methods.compactMap(\.text)
    }

    /// The photograph as a method fills it, in 0…1 in the order of its samples. Missing pixels are not told to it.
    ///
    /// - Throws: `FileError` where the peer fails.
    package func filled(_ photograph: Photograph, missing: [Bool], by method: String) throws(FileError) -> [Double] {
        let channels = photograph.channels
        let samples = photograph.samples.indices.map {
            missing[$0 / channels] ? 0 : Double(photograph.samples[$0]) / Double(photograph.white)
        }
        let question = JSON.object([
            ("method", .string(method)), ("rows", .integer(photograph.size.height)),
            ("columns", .integer(photograph.size.width)), ("image", JSON.numbers(samples)),
            ("missing", JSON.numbers(missing.map { $0 ? 1 : 0 })),
        ])
        process.send(JSONWriter.write(question, .line))
        let answer = try? JSONReader.read(try process.line())
        let filled = (answer?["image"]?.elements ?? []).compactMap(\.double)
        guard filled.count == samples.count else {
            throw FileError(method, "answered something other than the photograph")
        }
        return filled
    }
}
