import API
import Glibc
import Streams

/// The same in PyTorch: a Python that reads one request a line and answers with its time.
package final class Peer {
    private let process: ChildProcess
    /// PyTorch's.
    package let version: String

    /// - Throws: `FileError` where Python or PyTorch is not there.
    package init(python: String, weights: String, threads: Int) throws(FileError) {
        process = try ChildProcess(python, ["-c", Self.script, weights, "\(threads)"])
        version = (try? JSONReader.read(try process.line()))?["version"]?.text ?? "?"
    }

    private static var script: String { String(decoding: PackageResources.inpainting_torch_py, as: UTF8.self) }

    struct Answer {
        let seconds: Double
        let likelihoods: [Double]
    }

    func ask(_ question: JSON) throws(FileError) -> Answer {
        process.send(JSONWriter.write(question, .line))
        let answer = try? JSONReader.read(try process.line())
        // Its threads go on spinning for a while, which is not to slow who comes next.
        usleep(500_000)
        guard let seconds = answer?["seconds"]?.double else {
            throw FileError("the peer", "it printed something else than a time")
        }
        return Answer(
            seconds: seconds,
            likelihoods: answer?["log_likelihood"]?.elements?.compactMap(\.double) ?? [])
    }
}
