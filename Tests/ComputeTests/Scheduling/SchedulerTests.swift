import Compute
import Glibc
import Synchronization
import Testing
import Threads

@Suite struct SchedulerTests {
    private let log = EventLog()

    private func client(_ address: String, _ connection: UInt64) -> WorkContext {
        WorkContext(client: .init(address: address, connection: connection))
    }

    /// Keeps the only thread until the gate opens, on behalf of a client.
    private func occupy(_ scheduler: TestScheduler, in context: WorkContext = .unlimited) -> Gate {
        let gate = Gate()
        scheduler.enqueue(
            ProbeWork("gate", log, in: context) {
                gate.pass()
                return true
            })
        log.wait(for: "step gate")
        return gate
    }

    /// The work that was done, in order.
    private var done: [String] {
        log.events.compactMap { $0.hasPrefix("done ") ? String($0.dropFirst(5)) : nil }
    }

    @Test func whoHasHadLeastComesFirst() throws {
        let scheduler = try TestScheduler(threads: 1)
        let gate = occupy(scheduler, in: client("a", 1))
        for index in 0..<5 { scheduler.enqueue(ProbeWork("a1.\(index)", log, in: client("a", 1))) }
        scheduler.enqueue(ProbeWork("a2", log, in: client("a", 2)))
        scheduler.enqueue(ProbeWork("b", log, in: client("b", 3)))
        gate.open()
        scheduler.finish()
        #expect(done.prefix(3) == ["gate", "b", "a2"])
        #expect(done.dropFirst(3) == ["a1.0", "a1.1", "a1.2", "a1.3", "a1.4"])
    }

    @Test func cancelledWorkLeavesTheQueueAtOnce() throws {
        let scheduler = try TestScheduler(threads: 1)
        let gate = occupy(scheduler)
        let waiting = ProbeWork("waiting", log)
        scheduler.enqueue(waiting)
        scheduler.scheduler.cancel(waiting.token)
        // The only thread is still at the gate.
        #expect(log.events == ["step gate", "cancelled waiting"])
        gate.open()
        scheduler.finish()
        #expect(!log.events.contains("step waiting"))
    }

    @Test func cancelledWorkThatRunsEndsAfterItsStep() throws {
        let scheduler = try TestScheduler(threads: 1)
        let endless = ProbeWork("endless", log) { false }
        scheduler.enqueue(endless)
        log.wait(for: "step endless", times: 3)
        scheduler.scheduler.cancel(endless.token)
        scheduler.finish()
        #expect(log.events.last == "cancelled endless")
    }

    @Test func workPastItsDeadlineIsNotBegun() throws {
        let scheduler = try TestScheduler(threads: 1)
        let gate = occupy(scheduler)
        scheduler.enqueue(ProbeWork("late", log, in: WorkContext(deadline: .now)))
        gate.open()
        scheduler.finish()
        #expect(log.events.contains("deadline late"))
        #expect(!log.events.contains("step late"))
    }

    /// What runs and what waits ends with what it has reached; what comes later is refused.
    @Test func endingAllEndsWhatRunsAndWhatWaits() throws {
        let scheduler = try TestScheduler(threads: 1)
        let gate = Gate()
        scheduler.enqueue(
            ProbeWork("running", log) {
                gate.pass()
                return false
            })
        log.wait(for: "step running")
        scheduler.enqueue(ProbeWork("waiting", log))
        scheduler.scheduler.endAll()
        scheduler.enqueue(ProbeWork("new", log))
        gate.open()
        scheduler.finish()
        #expect(Set(log.events) == ["step running", "shutdown running", "shutdown waiting", "draining new"])
    }

    @Test func stalledWorkKeepsNobodyAndGoesOn() throws {
        let scheduler = try TestScheduler(threads: 1)
        let stalled = ProbeWork("stalled", log)
        stalled.isStalled = true
        scheduler.enqueue(stalled)
        scheduler.enqueue(ProbeWork("other", log))
        log.wait(for: "done other")
        stalled.isStalled = false
        scheduler.finish()
        #expect(done == ["other", "stalled"])
    }

    /// All threads are in one work item at the same time, and it ends when the last has left.
    @Test func parallelWorkHasAllThreadsAndEndsWithTheLast() throws {
        let threads = 3, scheduler = try TestScheduler(threads: threads)
        let inside = Monitor(0), last = Gate(), log = log
        scheduler.enqueue(
            ProbeWork("parallel", log, threads: threads) {
                let number = inside.withLock { count in
                    count += 1
                    return count
                }
                inside.wakeAll()
                inside.waitUntil { $0 >= threads ? .ready(()) : .wait }
                if number == threads { last.pass() } else { log.append("left") }
                return true
            })
        log.wait(for: "left", times: threads - 1)
        #expect(!log.events.contains("done parallel"))
        last.open()
        scheduler.finish()
        #expect(log.events.count { $0 == "done parallel" } == 1)
    }

    /// One thread's step ends the work while another makes steps that find nothing to do, and whose work is not stalled.
    @Test func workThatOneThreadEndsIsLeftByTheOthers() throws {
        let scheduler = try TestScheduler(threads: 2)
        let arrivals = Atomic(0), isAccompanied = Gate()
        scheduler.enqueue(
            ProbeWork("together", log, threads: 2) {
                let arrival = arrivals.wrappingAdd(1, ordering: .relaxed).oldValue
                if arrival == 0 {
                    isAccompanied.pass()
                    return true
                }
                isAccompanied.open()
                usleep(1000)
                return arrival > 2000
            })
        scheduler.finish()
        #expect(done == ["together"])
        #expect(arrivals.load(ordering: .relaxed) <= 2000)
    }

    @Test func noMoreThreadsThanTheWorkAllows() throws {
        let scheduler = try TestScheduler(threads: 4)
        let inside = Monitor((now: 0, most: 0)), steps = Monitor(0)
        scheduler.enqueue(
            ProbeWork("two", log, threads: 2) {
                inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                let isDone = steps.withLock { count in
                    count += 1
                    return count > 2000
                }
                inside.withLock { $0.now -= 1 }
                return isDone
            })
        scheduler.finish()
        #expect(inside.withLock { $0.most } <= 2)
        #expect(done == ["two"])
    }
}
