import API
import Glibc
import Streams

/// The same in PyTorch: a Python that reads one request a line and answers with its time.
package final class Peer {
    private let process: ChildProcess
    /// PyTorch's.
    package let version: String

    /// - Throws: `FileError` where Python or PyTorch is not there.
    package convenience init(python: String, weights: String, threads: Int) throws(FileError) {
        try self.init(
            python: python, script: String(decoding: PackageResources.inpainting_torch_py, as: UTF8.self),
            arguments: [weights, "\(threads)"])
    }

    /// - Parameter script: prints its version, then answers each line with one.
    /// - Throws: `FileError` where Python or PyTorch is not there.
    init(python: String, script: String, arguments: [String]) throws(FileError) {
        process = try ChildProcess(python, ["-c", script] + arguments)
        let line = try process.line()
        guard let version = (try? JSONReader.read(line))?["version"]?.text else {
            throw FileError("the peer", "printed something other than its version")
        }
        self.version = version
    }

    struct Answer {
        let seconds: Double
        /// The shortest of several, where they were timed one by one.
        let least: Double
        let likelihoods: [Double]
    }

    func ask(_ question: JSON) throws(FileError) -> Answer {
        process.send(JSONWriter.write(question, .line))
        let answer = try? JSONReader.read(try process.line())
        // Its threads go on spinning for a while, which must not slow what is timed next.
        usleep(500_000)
        guard let seconds = answer?["seconds"]?.double else {
            throw FileError("the peer", "printed something other than a time")
        }
        return Answer(
            seconds: seconds, least: answer?["least"]?.double ?? seconds,
            likelihoods: answer?["log_likelihood"]?.elements?.compactMap(\.double) ?? [])
    }
}
