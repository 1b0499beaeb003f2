import Fixtures
import Synchronization
import Testing
import Threads

@Suite struct MonitorTests {
    @Test func eachElementIsTakenOnce() {
        let monitor = Monitor((queue: [Int](), isClosed: false)), taken = Taken()
        runTogether(5) { index in
            if index == 0 {
                for element in 0..<3000 {
                    monitor.withLock { $0.queue.append(element) }
                    monitor.wakeOne()
                }
                monitor.withLock { $0.isClosed = true }
                monitor.wakeAll()
            } else {
                while let element: Int = monitor.waitUntil({ state in
                    if let element = state.queue.popLast() { return .ready(.some(element)) }
                    return state.isClosed ? .ready(nil) : .wait
                }) {
                    taken.elements.withLock { $0.append(element) }
                }
            }
        }
        #expect(taken.elements.withLock { $0.sorted() } == Array(0..<3000))
    }

    /// Nobody wakes the thread: time does.
    @Test func aBoundedWaitEndsByItself() {
        let monitor = Monitor(0)
        let looks = monitor.waitUntil { (count: inout Int) -> Wait<Int> in
            count += 1
            return count == 4 ? .ready(count) : .waitAtMost(.microseconds(100))
        }
        #expect(looks == 4)
    }

    @Test func aNegativeTimeIsNone() {
        let monitor = Monitor(0)
        let looks = monitor.waitUntil { (count: inout Int) -> Wait<Int> in
            count += 1
            return count == 2 ? .ready(count) : .waitAtMost(.seconds(-5))
        }
        #expect(looks == 2)
    }

    private final class Taken: Sendable {
        let elements = Mutex<[Int]>([])
    }
}
