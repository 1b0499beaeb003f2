import Synchronization

/// What one request holds of the ``MemoryBudget``.
///
/// It is given back when the request's reply has been sent and its handler has returned, whichever comes
/// last.
public final class RequestMemory: Sendable {
    private let budget: MemoryBudget
    private let held = Atomic<Int>(0)

    /// - Parameter budget: what is reserved is taken from it
    public init(_ budget: MemoryBudget = .unlimited) {
        self.budget = budget
    }

    deinit {
        budget.add(-held.load(ordering: .relaxed))
    }

    /// Bytes that this request holds.
    public var reserved: Int { held.load(ordering: .relaxed) }

    /// Reserves memory before it is allocated. O(1), from any thread.
    ///
    /// - Parameter bytes: how many more this request is going to hold; 0 or less reserves nothing
    /// - Throws: `ProtocolError` 422 where there could never be as much, 503 with ``ProtocolError/retryAfter`` where the budget is used up.
    public func reserve(_ bytes: Int) throws(ProtocolError) {
        guard bytes > 0 else { return }
        guard bytes <= budget.limit else {
            throw ProtocolError(
                .unprocessableContent,
                "This request needs \(bytes >> 20) MiB of memory, more than the server has for all requests together.")
        }
        guard budget.reserve(bytes) else {
            throw .memoryShort
        }
        held.wrappingAdd(bytes, ordering: .relaxed)
    }

    /// Gives back some of what was reserved before the request is over; at most what it holds.
    public func release(_ bytes: Int) {
        guard bytes > 0 else { return }
        var current = held.load(ordering: .relaxed)
        while true {
            let released = min(bytes, current)
            let (exchanged, original) = held.weakCompareExchange(
                expected: current, desired: current - released, ordering: .relaxed)
            if exchanged {
                budget.add(-released)
                return
            }
            current = original
        }
    }
}
