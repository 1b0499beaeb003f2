#if canImport(Glibc)
import Glibc
#endif

/// An event loop's listening sockets: whether it waits for clients there, and when to do so again.
struct Acceptor {
    enum Attempt {
        case client(descriptor: Int32, address: SocketAddress)
        case nobody
        /// The system lacks descriptors or memory: the client stays in the kernel's queue meanwhile.
        case failed(SystemError)
    }

    private let listeners: [ListeningSocket]
    private let interest: Poller.Interest
    private(set) var isOpen = false
    /// When to open again, where that was given up for a while.
    private(set) var opensAgain: ContinuousClock.Instant?

    private static let pause = Duration.milliseconds(100)

    /// - Parameter isShared: whether other loops wait for the same sockets.
    init(_ listeners: [ListeningSocket], isShared: Bool) {
        self.listeners = listeners
        interest = isShared ? [.read, .exclusive] : .read
    }

    var descriptors: [Int32] { listeners.map(\.descriptor) }

    func has(_ descriptor: Int32) -> Bool { listeners.contains { $0.descriptor == descriptor } }

    mutating func open(on poller: borrowing Poller) {
        opensAgain = nil
        guard !isOpen else { return }
        isOpen = true
        for listener in listeners { poller.add(listener.descriptor, generation: 0, interest: interest) }
    }

    mutating func close(on poller: borrowing Poller) {
        opensAgain = nil
        guard isOpen else { return }
        isOpen = false
        for listener in listeners { poller.remove(listener.descriptor) }
    }

    /// Closes for a while.
    mutating func pause(on poller: borrowing Poller, now: ContinuousClock.Instant) {
        close(on: poller)
        opensAgain = now + Acceptor.pause
    }

    /// There is room again: ends a pause.
    mutating func resume(now: ContinuousClock.Instant) {
        if opensAgain != nil { opensAgain = now }
    }

    /// Whether a client waits in a listening socket's queue.
    func hasClient(at listener: Int32) -> Bool {
        var event = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        return poll(&event, 1, 0) > 0
    }

    /// The next client in a listening socket's queue.
    func accept(from listener: Int32) -> Attempt {
        while true {
            var descriptor: Int32 = -1
            let address = SocketAddress { address, length in
                descriptor = Glibc.accept(listener, address, &length)
                return descriptor
            }
            if let address { return .client(descriptor: descriptor, address: address) }
            switch errno {
            case EAGAIN: return .nobody
            case EINTR, ECONNABORTED, EPROTO: continue
            default: return .failed(SystemError("accept"))
            }
        }
    }
}
