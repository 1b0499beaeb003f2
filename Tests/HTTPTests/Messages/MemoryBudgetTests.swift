import HTTP
import HTTPTypes
import Testing

@Suite struct MemoryBudgetTests {
    @Test func whatFitsIsReservedAndGivenBackAtTheEnd() throws {
        let budget = MemoryBudget(limit: 100)
        do {
            let first = RequestMemory(budget), second = RequestMemory(budget)
            try first.reserve(60)
            try second.reserve(40)
            #expect(budget.used == 100)
            #expect(throws: ProtocolError.self) { try first.reserve(1) }
            #expect(first.reserved == 60)
            second.release(10)
            try first.reserve(10)
            #expect(budget.used == 100)
            withExtendedLifetime((first, second)) {}
        }
        #expect(budget.used == 0)
    }

    @Test(arguments: [0, -1, .min])
    func nothingIsReservedForNoBytes(_ bytes: Int) throws {
        let budget = MemoryBudget(limit: 100), memory = RequestMemory(budget)
        try memory.reserve(bytes)
        memory.release(bytes)
        #expect(budget.used == 0 && memory.reserved == 0)
    }

    @Test func noMoreIsGivenBackThanWasReserved() throws {
        let budget = MemoryBudget(limit: 100)
        let first = RequestMemory(budget), second = RequestMemory(budget)
        try first.reserve(30)
        try second.reserve(30)
        first.release(.max)
        #expect(budget.used == 30 && first.reserved == 0 && second.reserved == 30)
    }

    @Test(arguments: [0, 1, 100, Int.max])
    func moreThanTheLimitNeverFits(_ limit: Int) throws {
        let memory = RequestMemory(MemoryBudget(limit: limit))
        try memory.reserve(limit)
        let error = #expect(throws: ProtocolError.self) { try memory.reserve(.max) }
        // What could never be had is not worth another try.
        #expect(error?.status == (limit == .max ? .serviceUnavailable : .unprocessableContent))
        #expect(error?.retryAfter == (limit == .max ? 1 : nil))
    }

    @Test func threadsTogetherNeverReserveMoreThanTheLimit() async {
        let budget = MemoryBudget(limit: 1000)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for bytes in 1...500 {
                        let memory = RequestMemory(budget)
                        try? memory.reserve(bytes)
                        #expect(budget.used <= 1000)
                        memory.release(bytes / 2)
                    }
                }
            }
        }
        #expect(budget.used == 0)
    }
}
