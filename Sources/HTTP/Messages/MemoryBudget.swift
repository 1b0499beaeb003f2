import Synchronization

/// How many bytes all exchanges together may hold at one time.
///
/// Counted are request bodies, replies that wait to be sent, and what handlers reserve for what
/// they make of either. Requests that find the budget used up are answered with 503.
public final class MemoryBudget: Sendable {
    /// Bytes.
    public let limit: Int
    private let reserved = Atomic<Int>(0)

    /// - Parameter limit: in bytes
    public init(limit: Int) {
        self.limit = limit
    }

    /// A budget for programs that call a handler without a server.
    public static let unlimited = MemoryBudget(limit: .max)

    /// Bytes that are held now. May exceed the limit by what cannot be refused: small replies,
    /// and the first pieces of bodies.
    public var used: Int { reserved.load(ordering: .relaxed) }

    /// Whether more than half is used: from there on connections get smaller buffers.
    var isTight: Bool { used > limit / 2 }

    /// Whether more than three quarters are used: from there on clients that do not read are closed.
    var isShort: Bool { used > limit / 4 * 3 }

    /// Whether so many bytes would fit now.
    func hasRoom(for bytes: Int) -> Bool { bytes <= limit - used }

    /// - Parameter bytes: at least 0
    /// - Returns: false where they do not fit, and nothing was reserved.
    func reserve(_ bytes: Int) -> Bool {
        var current = used
        while true {
            guard bytes <= limit - current else { return false }
            let (exchanged, original) = reserved.weakCompareExchange(
                expected: current, desired: current + bytes, ordering: .relaxed)
            if exchanged { return true }
            current = original
        }
    }

    /// Counts bytes that are there already, whether or not they fit; negative ones give back.
    func add(_ bytes: Int) {
        reserved.wrappingAdd(bytes, ordering: .relaxed)
    }
}
