import Logging

#if canImport(Glibc)
import Glibc
#endif

/// Owns listening sockets and connections, and has a thread that waits for all of them at once.
///
/// It is an actor whose executor is that thread, so that the compiler checks that nobody
/// else touches a connection. Handlers run in tasks elsewhere and come back by awaiting. While the
/// thread waits, others may do its jobs in its place: see ``LoopExecutor``.
actor EventLoop {
    nonisolated let executor: LoopExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let handler: any Handler
    let configuration: HTTPServerConfiguration
    let logger: Logger
    nonisolated let poller: Poller
    let readBuffer = ReadBuffer()

    /// When the present turn or visit began.
    private(set) var now = ContinuousClock.now
    var date = HTTPDate()
    var requestIDs = RequestIDs()

    /// By descriptor.
    private var connections: [Connection?] = []
    private var connectionCount = 0
    private var generation: UInt32 = 0
    private var serial: UInt64 = 0
    /// No deadline comes before this one.
    private var nextDeadline: ContinuousClock.Instant?
    /// While the thread waits for sockets.
    private var wait: Wait?

    private struct Wait {
        /// nil for ever.
        let end: ContinuousClock.Instant?
    }

    private var acceptor: Acceptor
    private let connectionLimit: Int
    /// The last attempt to accept failed for want of something.
    private var isStarved = false
    private var isDraining = false
    private var graceEnds: ContinuousClock.Instant?

    /// Handlers that have not come back yet: the thread must be there for them.
    private var runningTasks = 0
    private var onStopped: [CheckedContinuation<Void, Never>] = []

    /// How long a connection is left alone before a new client may have its place.
    private static let idleEnough = Duration.seconds(1)

    /// - Parameter connectionLimit: this loop's share of all connections.
    init(
        listeners: [ListeningSocket],
        connectionLimit: Int,
        configuration: HTTPServerConfiguration,
        handler: any Handler,
        logger: Logger
    ) throws(SystemError) {
        executor = try LoopExecutor()
        poller = try Poller()
        acceptor = Acceptor(listeners, isShared: configuration.eventLoops > 1)
        self.connectionLimit = connectionLimit
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
    }

    /// The thread's whole life.
    nonisolated func runOnThisThread() {
        executor.take()
        assumeIsolated { $0.start() }
        while let wait = assumeIsolated({ $0.prepare() }) {
            executor.give()
            let events = poller.wait(timeout: executor.hasJobs ? .zero : wait.end.map { $0 - .now })
            executor.take()
            assumeIsolated { $0.turn(events) }
            executor.runJobs()
        }
        executor.retire()
    }

    private func start() {
        poller.add(executor.wakeup, generation: 0, interest: [.read, .edge])
        acceptor.open(on: poller)
    }

    /// - Returns: how long to wait; nil where there will never be more to do.
    private func prepare() -> Wait? {
        if isDraining && connectionCount == 0 {
            for waiter in onStopped { waiter.resume() }
            onStopped = []
            if runningTasks == 0 { return nil }
        }
        wait = Wait(end: [nextDeadline, acceptor.opensAgain, graceEnds].compactMap { $0 }.min())
        return wait
    }

    /// Deals with what a wait has found.
    private func turn(_ events: [Poller.Event]) {
        wait = nil
        now = .now
        for event in events {
            if let connection = connection(event.descriptor), connection.generation == event.generation {
                connection.becameReady(event.ready, on: self)
            } else if acceptor.isOpen && acceptor.has(event.descriptor) {
                accept(from: event.descriptor)
            }
        }
        checkClock()
    }

    /// Ends a wait that was prepared for less than there is by now. For whoever changes what
    /// ``prepare()`` goes by.
    private func endWait() {
        guard wait != nil else { return }
        wait = nil
        executor.signal()
    }

    private func checkClock() {
        if let deadline = nextDeadline, deadline <= now {
            nextDeadline = nil
            for connection in connections { connection?.checkDeadlines(on: self) }
        }
        if let deadline = acceptor.opensAgain, deadline <= now { acceptor.open(on: poller) }
        if let deadline = graceEnds, deadline <= now {
            graceEnds = nil
            logger.warning("grace period over: cancelling", metadata: ["connections": "\(connectionCount)"])
            for connection in connections { connection?.abandon(on: self) }
        }
    }

    /// Looks at the deadlines by then.
    func wake(by deadline: ContinuousClock.Instant) {
        nextDeadline = min(deadline, nextDeadline ?? deadline)
        if let wait, wait.end.map({ deadline < $0 }) ?? true { endWait() }
    }

    /// Where every call from elsewhere comes in.
    func enter() {
        executor.checkIsolated()
        now = .now
    }

    func takeSerial() -> UInt64 {
        serial += 1
        return serial
    }

    // MARK: Connections

    func connection(_ descriptor: Int32) -> Connection? {
        connections.indices.contains(Int(descriptor)) ? connections[Int(descriptor)] : nil
    }

    func remove(_ connection: Connection) {
        connections[Int(connection.socket.descriptor)] = nil
        connectionCount -= 1
        acceptor.resume(now: now)
        if acceptor.opensAgain != nil || isDraining { endWait() }
    }

    private func add(_ descriptor: Int32, from address: SocketAddress) {
        let socket = Socket(owning: descriptor)
        if address.family != AF_UNIX { socket.setNoDelay() }
        generation &+= 1
        let connection = Connection(
            socket: socket, generation: generation, clientAddress: address.clientDescription, configuration: configuration
        )
        while connections.count <= Int(descriptor) { connections.append(nil) }
        connections[Int(descriptor)] = connection
        connectionCount += 1
        connection.settle(on: self)
    }

    // MARK: Accepting

    private func accept(from listener: Int32) {
        while true {
            guard connectionCount < connectionLimit || closeIdleConnection() else {
                return acceptor.pause(on: poller, now: now)
            }
            switch acceptor.accept(from: listener) {
            case .client(let descriptor, let address):
                isStarved = false
                add(descriptor, from: address)
            case .nobody:
                return
            case .failed(let error) where error.code == EMFILE && closeIdleConnection():
                continue
            case .failed(let error):
                if !isStarved { logger.warning("cannot accept", metadata: ["error": "\(error)"]) }
                isStarved = true
                return acceptor.pause(on: poller, now: now)
            }
        }
    }

    /// Makes room by closing the connection that has been idle for longest.
    private func closeIdleConnection() -> Bool {
        let idle = connections.compactMap { $0 }.filter { $0.isIdle && $0.deadlines.hasOwed(for: EventLoop.idleEnough, now: now) }
        guard let longest = idle.min(by: { $0.deadlines.input ?? now < $1.deadlines.input ?? now }) else { return false }
        longest.abandon(on: self)
        return true
    }

    // MARK: Stopping

    /// Takes what has come in already, then no more; ends when that is answered or the grace is over.
    func drain(grace: Duration) {
        enter()
        if !isDraining {
            if acceptor.isOpen {
                for descriptor in acceptor.descriptors { accept(from: descriptor) }
            }
            acceptor.close(on: poller)
            isDraining = true
            for connection in connections { connection?.drain(on: self) }
        }
        graceEnds = min(now + grace, graceEnds ?? now + grace)
        endWait()
    }

    /// Returns when the loop has drained.
    func stopped() async {
        if isDraining && connectionCount == 0 { return }
        await withCheckedContinuation { onStopped.append($0) }
    }

    func taskBegan() { runningTasks += 1 }

    func taskEnded() {
        runningTasks -= 1
        if isDraining { endWait() }
    }
}

/// Where a turn's bytes are read to, one connection after the other.
struct ReadBuffer: ~Copyable {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)

    deinit {
        bytes.deallocate()
    }
}
