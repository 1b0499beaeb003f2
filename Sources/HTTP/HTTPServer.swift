public import Logging
public import ServiceLifecycle
import Synchronization
import Threads

/// An HTTP/1.1 server.
///
/// A graceful shutdown answers what has been sent and what runs, within the configured grace; then it
/// ends what still runs by ``Handler/graceEnded()``, and at last cuts off what is left.
public final class HTTPServer: Service {
    /// What all requests in progress hold together.
    public let memory: MemoryBudget

    private let configuration: HTTPServerConfiguration
    private let handler: any Handler
    private let logger: Logger
    private let listeners = Mutex<[ListeningSocket]>([])
    private let grace = Grace()

    public init(configuration: HTTPServerConfiguration, handler: any Handler, logger: Logger) {
        memory = MemoryBudget(limit: configuration.memoryLimit)
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
    }

    deinit {
        closeListeners()
    }

    /// Where the server listens, with the ports that it got; empty before ``bind()`` and after the end.
    public var boundAddresses: [ListenAddress] {
        listeners.withLock { $0.map(\.address) }
    }

    /// Opens the listening sockets, so that clients can connect; they are answered from ``run()`` on.
    ///
    /// Does nothing where they are open.
    ///
    /// - Throws: `SystemError`, which names the address.
    public func bind() throws(SystemError) {
        guard boundAddresses.isEmpty else { return }
        let inherited = configuration.inheritedSockets
        let sockets =
            try inherited.isEmpty
            ? ListeningSocket.open(configuration.addresses, unixMode: configuration.unixSocketMode)
            : ListeningSocket.inherit(inherited)
        listeners.withLock { $0 = sockets }
    }

    /// Serves until a graceful shutdown or a cancellation, then returns when all connections are closed.
    ///
    /// - Throws: `SystemError` where the server cannot listen, `ThreadError` where the system has no thread for it.
    public func run() async throws {
        try bind()
        let loops = try startLoops()
        for address in boundAddresses {
            logger.info("listening", metadata: ["address": "\(address.url(isSecure: configuration.tls != nil))"])
        }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                for loop in loops { await loop.stopped() }
            } onGracefulShutdown: {
                Task { await self.shutDown(loops) }
            }
        } onCancel: {
            Task { await self.stopAtOnce(loops) }
        }
        grace.stop()
        closeListeners()
        logger.info("stopped")
    }

    /// Ends a shutdown's grace period at once, as a second signal should. Called before a shutdown, it
    /// leaves the next one no grace period. Returns immediately.
    public func endGrace() { grace.end() }

    private func shutDown(_ loops: [EventLoop]) async {
        let end = ContinuousClock.now + configuration.shutdownGrace
        for loop in loops { await loop.beginShutdown() }
        // Clients that do not know of the shutdown yet may send one more request, on an old or a new connection.
        await grace.wait(until: min(ContinuousClock.now + configuration.shutdownDelay, end))
        listeners.withLock { for socket in $0 { socket.dropNewHandshakes() } }
        await grace.wait(until: min(ContinuousClock.now + ListeningSocket.handshakeTime, end))
        for loop in loops { await loop.refuseRequests() }
        closeListeners()

        await grace.wait(until: end)
        guard !grace.isStopped else { return }
        logger.warning(
            grace.isEndedEarly
                ? "a second signal ended the grace period: ending what still runs"
                : "the grace period is over: ending what still runs")
        handler.graceEnded()
        try? await Task.sleep(for: configuration.lastReplyTime)
        for loop in loops { await loop.cutOff() }
    }

    private func stopAtOnce(_ loops: [EventLoop]) async {
        for loop in loops {
            await loop.beginShutdown()
            await loop.refuseRequests()
            await loop.cutOff()
        }
        closeListeners()
    }

    private func startLoops() throws -> [EventLoop] {
        let count = max(1, configuration.eventLoops)
        let sockets = listeners.withLock { $0 }
        var loops: [EventLoop] = []
        for index in 0..<count {
            let share = configuration.connectionLimit / count + (index < configuration.connectionLimit % count ? 1 : 0)
            let loop = try EventLoop(
                listeners: sockets, connectionLimit: share, memory: memory,
                configuration: configuration, handler: handler, logger: logger
            )
            loops.append(loop)
        }
        for (index, loop) in loops.enumerated() {
            do throws(ThreadError) {
                try SystemThread.detach(name: "http-\(index)") { loop.runOnThisThread() }
            } catch {
                let started = Array(loops[..<index])
                Task { await self.stopAtOnce(started) }
                throw error
            }
        }
        return loops
    }

    private func closeListeners() {
        // Under the lock, so that a second caller, too, returns only when they are closed.
        listeners.withLock { listeners in
            for socket in listeners { socket.close() }
            listeners = []
        }
    }
}
