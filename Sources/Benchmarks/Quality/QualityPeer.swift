import API
import Streams

/// Methods of OpenCV, scikit-image and NumPy: a Python that fills the very same images.
package final class QualityPeer {
    private let process: ChildProcess
    /// Names and versions of the libraries.
    package let version: String
    /// What can be asked for: what is not installed is not among them, and was told on standard error.
    package let methods: [String]

    /// - Parameter training: an IDX file of the training images, for the methods that learn from them.
    /// - Throws: `FileError` where Python or NumPy is not there.
    package init(python: String, training: String?) throws(FileError) {
        let script = String(decoding: PackageResources.inpainting_fill_py, as: UTF8.self)
        process = try ChildProcess(python, ["-c", script] + (training.map { [$0] } ?? []))
        let line = try? JSONReader.read(try process.line())
        guard let version = line?["version"]?.text, let methods = line?["methods"]?.elements else {
            throw FileError(python, "has no NumPy, or could not read the training images")
        }
        self.version = version
        self.methods = methods.compactMap(\.text)
    }

    /// The images of `quality` as a method fills them. Missing pixels are not told to it.
    ///
    /// - Throws: `FileError` where the peer fails.
    package func filled(
        by method: String, _ mask: QualityMask, _ quality: InpaintingQuality
    ) throws(FileError) -> [[Double]] {
        var filled: [[Double]] = []
        let piece = 64
        for first in stride(from: 0, to: quality.images.count, by: piece) {
            let numbers = first..<min(first + piece, quality.images.count), known = numbers.map(mask.known)
            let images = zip(numbers, known).map { number, known in
                JSON.numbers(zip(quality.images[number], known).map { $1 ? $0 : 0 })
            }
            let question = JSON.object([
                ("method", .string(method)), ("columns", .integer(quality.columns)), ("images", .array(images)),
                ("known", .array(known.map { JSON.numbers($0.map { $0 ? 1 : 0 }) })),
            ])
            process.send(JSONWriter.write(question, .line))
            let answer = try? JSONReader.read(try process.line())
            let part = (answer?["images"]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.double) }
            guard part.count == numbers.count, zip(part, known).allSatisfy({ $0.count == $1.count }) else {
                throw FileError(method, "answered something other than the images")
            }
            filled += part
        }
        return filled
    }
}
