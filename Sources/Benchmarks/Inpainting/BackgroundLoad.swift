import Client
import Streams
import Synchronization
import Threads

/// Requests that are under way at once, each on a connection and a thread of its own.
final class BackgroundLoad {
    private let threads: [SystemThread]
    private let failure: Failure

    private final class Failure: Sendable {
        let first = Mutex<FileError?>(nil)
    }

    init(_ address: ServerAddress.Kind, _ requests: [[UInt8]]) throws(FileError) {
        let failure = Failure()
        self.failure = failure
        var threads: [SystemThread] = []
        for (index, request) in requests.enumerated() {
            do throws(ThreadError) {
                threads.append(try SystemThread(name: "load-\(index)") {
                    do throws(FileError) {
                        try HTTPClient(address).send(request)
                    } catch {
                        failure.first.withLock { if $0 == nil { $0 = error } }
                    }
                })
            } catch {
                throw FileError("benchmark", "\(error)")
            }
        }
        self.threads = threads
    }

    /// Returns when all have their answers. To be called once.
    ///
    /// - Throws: `FileError`, of the first one that failed.
    func finish() throws(FileError) {
        for thread in threads { thread.join() }
        if let error = failure.first.withLock({ $0 }) { throw error }
    }
}
