import Fixtures
import Testing
import Threads

@Suite struct ThreadLockTests {
    @Test func oneThreadAtATimeHoldsIt() {
        let lock = ThreadLock(), counter = Counter()
        runTogether(4) { _ in
            for _ in 0..<2000 {
                lock.lock()
                counter.value += 1
                lock.unlock()
            }
        }
        #expect(counter.value == 8000)
    }

    @Test func whatIsHeldCannotBeTaken() {
        let lock = ThreadLock()
        #expect(lock.tryLock())
        runTogether(1) { _ in #expect(!lock.tryLock()) }
        lock.unlock()
        runTogether(1) { _ in
            #expect(lock.tryLock())
            lock.unlock()
        }
    }

    /// `@unchecked Sendable`: reached only by the thread that holds the lock under test.
    private final class Counter: @unchecked Sendable {
        var value = 0
    }
}
