import Client
import Compute
import Streams
import Synchronization

/// Requests that are under way at once, each on a connection and a thread of its own.
final class BackgroundLoad {
    private let threads: [ComputeThread]
    private let failure: Failure

    private final class Failure: Sendable {
        let first = Mutex<FileError?>(nil)
    }

    init(_ address: ServerAddress.Kind, _ requests: [[UInt8]]) {
        let failure = Failure()
        self.failure = failure
        threads = requests.map { request in
            ComputeThread {
                do throws(FileError) {
                    try HTTPClient(address).send(request)
                } catch {
                    failure.first.withLock { if $0 == nil { $0 = error } }
                }
            }
        }
    }

    /// Returns when all have their answers. To be called once.
    ///
    /// - Throws: `FileError`, of the first one that failed.
    func finish() throws(FileError) {
        for thread in threads { thread.join() }
        if let error = failure.first.withLock({ $0 }) { throw error }
    }
}
