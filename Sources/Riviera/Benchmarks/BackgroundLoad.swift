import Glibc
import Synchronization

/// Requests that are under way at once, each on a connection and a thread of its own.
final class BackgroundLoad {
    private final class Work: Sendable {
        let address: ServerAddress.Kind
        let request: [UInt8]
        let failure = Mutex<FileError?>(nil)

        init(_ address: ServerAddress.Kind, _ request: [UInt8]) {
            self.address = address
            self.request = request
        }

        func run() {
            do throws(FileError) {
                try HTTPClient(address).send(request)
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    private let works: [Work]
    private let threads: [pthread_t]

    init(_ address: ServerAddress.Kind, _ requests: [[UInt8]]) {
        works = requests.map { Work(address, $0) }
        threads = works.map { work in
            var thread = pthread_t()
            let status = pthread_create(&thread, nil, { argument in
                Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
            precondition(status == 0, "no thread can be started")
            return thread
        }
    }

    /// Returns when all have their answers. To be called once.
    ///
    /// - Throws: `FileError`, of the first one that failed.
    func finish() throws(FileError) {
        for thread in threads { pthread_join(thread, nil) }
        for work in works { if let error = work.failure.withLock({ $0 }) { throw error } }
    }
}
