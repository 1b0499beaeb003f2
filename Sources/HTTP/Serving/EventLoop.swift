import DequeModule
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
    nonisolated let memory: MemoryBudget
    let configuration: HTTPServerConfiguration
    let logger: Logger
    nonisolated let poller: Poller
    let readBuffer = ReadBuffer()

    /// When the present iteration of the loop, or the present call from elsewhere, began.
    private(set) var now = ContinuousClock.now
    var date = HTTPDate()
    var requestIDs = RequestIDs()

    /// By descriptor.
    private(set) var connections: [Connection?] = []
    private(set) var connectionCount = 0
    /// By the client's address.
    private(set) var connectionCounts: [String: Int] = [:]
    private var generation: UInt32 = 0
    private var serial: UInt64 = 0
    /// Connections that have been served in this iteration, and have sent more.
    private var postponed: Deque<Connection> = []
    /// Connections whose handshake has a step to take.
    var handshakes: Deque<Connection> = []
    /// No deadline comes before this one.
    private var nextDeadline: ContinuousClock.Instant?
    /// While the thread waits for sockets.
    private var wait: Wait?

    private struct Wait {
        /// nil for ever.
        let end: ContinuousClock.Instant?
    }

    var acceptor: Acceptor
    let connectionLimit: Int
    /// The last attempt to accept failed for lack of descriptors or memory: it is logged once.
    var isStarved = false
    var lastRelief = ContinuousClock.now
    /// When it was last logged that all connections are taken, and how many have been closed for others since.
    var lastCrowdReport: ContinuousClock.Instant?
    var displaced = 0
    var shutdown = Shutdown.notBegun

    /// How far a shutdown has come.
    enum Shutdown {
        case notBegun
        /// Replies say that the connection closes after them.
        case begun
        /// Neither clients nor requests are taken any more.
        case refusing
    }

    /// Tasks of handlers that have not ended: the thread has to stay for them.
    private var runningTasks = 0
    private var onStopped: [CheckedContinuation<Void, Never>] = []

    /// How long an iteration goes on serving connections that it has served before.
    private static let postponedTime = Duration.milliseconds(2)

    /// - Parameter connectionLimit: this loop's share of all connections.
    init(
        listeners: [ListeningSocket],
        connectionLimit: Int,
        memory: MemoryBudget,
        configuration: HTTPServerConfiguration,
        handler: any Handler,
        logger: Logger
    ) throws(SystemError) {
        executor = try LoopExecutor()
        poller = try Poller()
        acceptor = Acceptor(listeners, isShared: configuration.eventLoops > 1)
        self.connectionLimit = connectionLimit
        self.memory = memory
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
    }

    // MARK: The thread

    /// What the thread runs.
    nonisolated func runOnThisThread() {
        executor.take()
        assumeIsolated { $0.start() }
        while let wait = assumeIsolated({ $0.prepare() }) {
            executor.give()
            let events = poller.wait(timeout: executor.hasJobs ? .zero : wait.end.map { $0 - .now })
            executor.take()
            assumeIsolated { $0.iterate(events) }
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
        if hasStopped {
            postponed = []
            handshakes = []
            for waiter in onStopped { waiter.resume() }
            onStopped = []
            if runningTasks == 0 { return nil }
        }
        wait =
            postponed.isEmpty && handshakes.isEmpty
            ? Wait(end: [nextDeadline, acceptor.opensAgain].compactMap { $0 }.min())
            : Wait(end: now)
        return wait
    }

    /// Deals with what a wait has found.
    private func iterate(_ events: [Poller.Event]) {
        wait = nil
        now = .now
        for event in events {
            if let connection = connection(event.descriptor), connection.generation == event.generation {
                connection.becameReady(event.ready, on: self)
            } else if acceptor.isOpen && acceptor.has(event.descriptor) {
                accept(from: event.descriptor)
            }
        }
        servePostponed()
        serveHandshakes()
        relieveMemory()
        checkClock()
    }

    /// Ends the thread's wait, since something has changed that ``prepare()`` had looked at.
    func endWait() {
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
    }

    /// Makes sure that the deadlines are checked by then.
    func wake(by deadline: ContinuousClock.Instant) {
        nextDeadline = min(deadline, nextDeadline ?? deadline)
        if let wait, wait.end.map({ deadline < $0 }) ?? true { endWait() }
    }

    /// Begins every call from elsewhere.
    func enter() {
        executor.checkIsolated()
        now = .now
    }

    /// Some time has passed in the present iteration.
    func refreshNow() { now = .now }

    func takeSerial() -> UInt64 {
        serial += 1
        return serial
    }

    // MARK: Sharing the thread among connections

    /// Serves a connection's next request when all others have been served. Clients that send many requests
    /// at once are put here after each of them.
    func postpone(_ connection: Connection) {
        postponed.append(connection)
        endWait()
    }

    /// One request of each connection after the other, for a short time: then sockets that have become ready
    /// meanwhile are served first.
    private func servePostponed() {
        let end = now + Self.postponedTime
        while let connection = postponed.popFirst() {
            now = .now
            connection.resume(on: self)
            if now >= end { return }
        }
    }

    // MARK: Connections

    func connection(_ descriptor: Int32) -> Connection? {
        connections.indices.contains(Int(descriptor)) ? connections[Int(descriptor)] : nil
    }

    func add(_ descriptor: Int32, from address: SocketAddress) {
        let socket = Socket(owning: descriptor)
        var session: TLSSession?
        if address.family != AF_UNIX {
            socket.setNoDelay()
            if let tls = configuration.tls {
                // Without memory for TLS the client is turned away rather than spoken to in plain text.
                guard let made = tls.session(on: descriptor) else { return }
                session = made
            }
        }
        generation &+= 1
        let connection = Connection(
            transport: Transport(socket, tls: session), generation: generation, address: address,
            configuration: configuration)
        while connections.count <= Int(descriptor) { connections.append(nil) }
        connections[Int(descriptor)] = connection
        connectionCount += 1
        connectionCounts[connection.client.address, default: 0] += 1
        handler.observe(.opened)
        if shutdown != .notBegun { connection.mustClose = true }
        connection.settle(on: self)
    }

    func remove(_ connection: Connection) {
        connections[Int(connection.descriptor)] = nil
        connectionCount -= 1
        let ofClient = connectionCounts[connection.client.address, default: 1] - 1
        connectionCounts[connection.client.address] = ofClient > 0 ? ofClient : nil
        handler.observe(.closed)
        acceptor.resume(now: now)
        if acceptor.opensAgain != nil || shutdown == .refusing { endWait() }
    }

    // MARK: Stopping

    /// Returns when the loop has shut down.
    func stopped() async {
        if hasStopped { return }
        await withCheckedContinuation { onStopped.append($0) }
    }

    private var hasStopped: Bool { shutdown == .refusing && connectionCount == 0 }

    func taskBegan() { runningTasks += 1 }

    func taskEnded() {
        runningTasks -= 1
        if shutdown == .refusing { endWait() }
    }
}

/// Where an iteration's bytes are read to, one connection after the other.
struct ReadBuffer: ~Copyable {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)

    deinit {
        bytes.deallocate()
    }
}
