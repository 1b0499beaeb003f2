import CEpoll
#if canImport(Glibc)
import Glibc
#endif

/// An epoll instance: waits until some of many descriptors are ready.
struct Poller: ~Copyable, Sendable {
    struct Interest: OptionSet, Sendable {
        let rawValue: UInt32
        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
        /// The peer has finished sending, whether or not its bytes were read.
        static let peerFinished = Interest(rawValue: EPOLLRDHUP.rawValue)
        /// Only reported, never asked for: the connection is dead in both directions.
        static let dead = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
        /// Reported once for each change.
        static let edge = Interest(rawValue: EPOLLET.rawValue)
        /// Of several loops that wait for one listening socket, not all are woken.
        static let exclusive = Interest(rawValue: EPOLLEXCLUSIVE.rawValue)
    }

    struct Event: Sendable {
        let descriptor: Int32
        /// What the descriptor was added with, to tell it from a later one of the same number.
        let generation: UInt32
        let ready: Interest
    }

    private let descriptor: Int32
    /// Events that one wait reports.
    private static let most = 256

    init() throws(SystemError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { throw SystemError("creating an epoll instance") }
    }

    deinit {
        _ = close(descriptor)
    }

    func add(_ target: Int32, generation: UInt32, interest: Interest) {
        control(EPOLL_CTL_ADD, target, generation, interest)
    }

    func modify(_ target: Int32, generation: UInt32, interest: Interest) {
        control(EPOLL_CTL_MOD, target, generation, interest)
    }

    func remove(_ target: Int32) {
        control(EPOLL_CTL_DEL, target, 0, [])
    }

    /// Waits for something to be ready. Any thread may, whatever others do to the poller meanwhile.
    ///
    /// - Parameter timeout: at most so long; nil for ever.
    func wait(timeout: Duration?) -> [Event] {
        let milliseconds: Int32 =
            switch timeout {
            case nil: -1
            // Rounded up: a wait that ends just before a deadline would be taken up again and again.
            case let timeout?: Int32(clamping: max(0, (timeout / .milliseconds(1)).rounded(.up)).clampedInt)
            }
        return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Poller.most) { found in
            let count = epoll_wait(descriptor, found.baseAddress, Int32(found.count), milliseconds)
            return found.prefix(max(0, Int(count))).map { event in
                Event(
                    descriptor: Int32(truncatingIfNeeded: event.data.u64),
                    generation: UInt32(truncatingIfNeeded: event.data.u64 >> 32),
                    ready: Interest(rawValue: event.events)
                )
            }
        }
    }

    private func control(_ operation: Int32, _ target: Int32, _ generation: UInt32, _ interest: Interest) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: target))
        epoll_ctl(descriptor, operation, target, &event)
    }
}

extension Double {
    /// The nearest Int, the extreme ones for what lies beyond them.
    fileprivate var clampedInt: Int { Int(exactly: self) ?? (self < 0 ? .min : .max) }
}
