import Synchronization
import Testing
import Training

@Suite struct ThreadPoolTests {
    @Test(arguments: [1, 2, 5]) func everyItemOfEveryLoopIsDoneOnce(threads: Int) throws {
        let pool = try ThreadPool(threads: threads)
        for count in [0, 1, 2, 7, 100] {
            for _ in 0..<20 {
                let calls = Mutex([Int](repeating: 0, count: count))
                pool.forEach(count) { item in calls.withLock { $0[item] += 1 } }
                #expect(calls.withLock { $0 } == [Int](repeating: 1, count: count))
            }
        }
    }

    @Test func theCallerSeesWhatTheThreadsWrote() throws {
        let pool = try ThreadPool(threads: 3)
        var values = [Int](repeating: 0, count: 1000)
        for round in 1...50 {
            values.withUnsafeMutableBufferPointer { values in
                let values = values
                pool.forEach(values.count) { values[$0] += $0 * round }
            }
        }
        #expect(values == (0..<1000).map { $0 * 1275 })
    }
}
