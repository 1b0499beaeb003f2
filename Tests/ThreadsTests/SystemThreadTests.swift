import CThreads
import Synchronization
import Testing
import Threads

#if canImport(Glibc)
import Glibc
#endif

@Suite struct SystemThreadTests {
    private final class Names: Sendable {
        let seen = Mutex<[String]>([])
    }

    private static func ownName() -> String {
        var name = [CChar](repeating: 0, count: 16)
        pthread_getname_np(pthread_self(), &name, 16)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func aThreadBearsItsNameAndJoinWaitsForItsEnd() throws {
        let names = Names()
        let thread = try SystemThread(name: "compute-0") { names.seen.withLock { $0.append(Self.ownName()) } }
        thread.join()
        #expect(names.seen.withLock { $0 } == ["compute-0"])
    }

    @Test func longNamesAreCutWhereLinuxCutsThem() throws {
        let names = Names()
        try SystemThread(name: "a name that is much too long") {
            names.seen.withLock { $0.append(Self.ownName()) }
        }.join()
        #expect(names.seen.withLock { $0 } == ["a name that is "])
    }

    @Test func theErrorSaysWhichThreadAndWhy() {
        let error = ThreadError(name: "compute-7", code: EAGAIN)
        #expect("\(error)".contains("compute-7"))
        #expect("\(error)".contains("temporarily unavailable"))
        #expect(!"\(error)".contains("\n"))
    }
}
