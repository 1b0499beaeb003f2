import Compute
import Testing

@Suite struct AdmissionTests {
    private let log = EventLog(), gate = Gate()

    private func client(_ address: String, _ connection: UInt64, isStream: Bool = false) -> WorkContext {
        WorkContext(client: .init(address: address, connection: connection), waitsForPlace: isStream)
    }

    /// One thread, kept busy by a stream's line, which is not counted; three requests may be there.
    private func busyScheduler() throws -> TestScheduler {
        let scheduler = try TestScheduler(threads: 1, batch: 1, queue: 2)
        scheduler.enqueue(endless("gate", client("z", 99, isStream: true)))
        log.wait(for: "step gate")
        return scheduler
    }

    private func endless(_ name: String, _ context: WorkContext, takesPlace: Bool = false) -> ProbeWork {
        let gate = gate
        return ProbeWork(name, log, in: context, takesPlace: takesPlace) {
            gate.pass()
            return true
        }
    }

    private var refused: [String] { log.events.filter { $0.hasPrefix("refused") } }

    @Test func aLoneClientIsRefusedBeyondTheLimit() throws {
        let scheduler = try busyScheduler()
        for index in 0..<5 { scheduler.enqueue(endless("a\(index)", client("a", 1))) }
        #expect(refused == ["refused a3", "refused a4"])
        gate.open()
        scheduler.finish()
    }

    @Test func whoHasTheMostWaitingIsRefusedFirst() throws {
        let scheduler = try busyScheduler()
        for index in 0..<3 { scheduler.enqueue(endless("a\(index)", client("a", UInt64(index)))) }
        scheduler.enqueue(endless("b0", client("b", 7)))
        #expect(refused.count == 1 && refused[0].hasPrefix("refused a"))
        // Now a has two and b one: b's next would make it no better.
        scheduler.enqueue(endless("b1", client("b", 7)))
        #expect(refused.last == "refused b1")
        gate.open()
        scheduler.finish()
        #expect(log.events.contains("done b0"))
    }

    @Test func amongConnectionsOfOneAddressTheFullestGivesWay() throws {
        let scheduler = try busyScheduler()
        for index in 0..<3 { scheduler.enqueue(endless("a\(index)", client("a", 1))) }
        scheduler.enqueue(endless("other", client("a", 2)))
        #expect(refused == ["refused a2"])
        gate.open()
        scheduler.finish()
    }

    @Test func streamsNeitherFillTheQueueNorAreRefused() throws {
        let scheduler = try busyScheduler()
        for index in 0..<50 { scheduler.enqueue(endless("line\(index)", client("a", 1, isStream: true))) }
        for index in 0..<3 { scheduler.enqueue(endless("a\(index)", client("b", UInt64(index)))) }
        #expect(refused.isEmpty)
        gate.open()
        scheduler.finish()
        #expect(log.events.count { $0.hasPrefix("done") } == 54)
    }

    /// Work that has begun is not taken back, but an address that has nothing here is admitted all the same.
    @Test func begunWorkCounts() throws {
        let scheduler = try TestScheduler(threads: 3, batch: 3, queue: 0)
        for index in 0..<3 { scheduler.enqueue(endless("a\(index)", client("a", UInt64(index)))) }
        for index in 0..<3 { log.wait(for: "step a\(index)") }
        scheduler.enqueue(endless("a3", client("a", 3)))
        #expect(refused == ["refused a3"])
        scheduler.enqueue(endless("b0", client("b", 7)))
        scheduler.enqueue(endless("b1", client("b", 8)))
        #expect(refused == ["refused a3", "refused b1"])
        gate.open()
        scheduler.finish()
    }

    /// A client whose items hold all places cannot keep another's first item from beginning.
    @Test func whoHoldsNoPlaceGetsOneBeyondTheBatch() throws {
        let scheduler = try TestScheduler(threads: 2, batch: 2), gate = gate
        // A step that never waits. Each thread takes the first item that no other is in: a0, a1.
        func ascent(_ name: String, _ connection: UInt64) -> ProbeWork {
            ProbeWork(name, log, in: client("a", connection), takesPlace: true) { gate.isOpen }
        }
        for index in 0..<4 { scheduler.enqueue(ascent("a\(index)", 1)) }
        log.wait(for: "step a0")
        log.wait(for: "step a1")
        scheduler.enqueue(ascent("b0", 2))
        scheduler.enqueue(ascent("b1", 2))
        log.wait(for: "step b0")
        #expect(!log.events.contains("step a2"))
        #expect(!log.events.contains("step b1"))
        gate.open()
        scheduler.finish()
        #expect(log.events.count { $0.hasPrefix("done") } == 6)
    }
}
