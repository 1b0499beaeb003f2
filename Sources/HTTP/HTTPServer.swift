public import Logging
public import ServiceLifecycle
import Synchronization
import Threads

/// An HTTP/1.1 server.
///
/// A graceful shutdown stops accepting, closes idle connections and lets what runs finish
/// within the configured grace, then cancels it.
public final class HTTPServer: Service {
    private let configuration: HTTPServerConfiguration
    private let handler: any Handler
    private let logger: Logger
    private let listeners = Mutex<[ListeningSocket]>([])

    public init(configuration: HTTPServerConfiguration, handler: any Handler, logger: Logger) {
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
        var sockets: [ListeningSocket] = []
        do throws(SystemError) {
            for address in configuration.addresses {
                sockets += try ListeningSocket.open(address)
            }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        listeners.withLock { $0 = sockets }
    }

    /// Serves until a graceful shutdown or a cancellation, then returns when all connections are closed.
    ///
    /// - Throws: `SystemError` where the server cannot listen or start its threads.
    public func run() async throws {
        try bind()
        let loops = try startLoops()
        for address in boundAddresses {
            logger.info("listening", metadata: ["address": "\(address)"])
        }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                for loop in loops { await loop.stopped() }
            } onGracefulShutdown: {
                Task { await self.drain(loops, grace: self.configuration.shutdownGrace) }
            }
        } onCancel: {
            Task { await self.drain(loops, grace: .zero) }
        }
        closeListeners()
        logger.info("stopped")
    }

    private func drain(_ loops: [EventLoop], grace: Duration) async {
        for loop in loops { await loop.drain(grace: grace) }
        // From here on clients are refused rather than left waiting.
        closeListeners()
    }

    private func startLoops() throws(SystemError) -> [EventLoop] {
        let count = max(1, configuration.eventLoops)
        let sockets = listeners.withLock { $0 }
        var loops: [EventLoop] = []
        for index in 0..<count {
            let share = configuration.connectionLimit / count + (index < configuration.connectionLimit % count ? 1 : 0)
            let loop = try EventLoop(
                listeners: sockets, connectionLimit: share, configuration: configuration, handler: handler, logger: logger
            )
            loops.append(loop)
        }
        for (index, loop) in loops.enumerated() {
            do {
                try SystemThread.detach(name: "http-\(index)") { loop.runOnThisThread() }
            } catch {
                throw SystemError("starting a thread", code: error.code)
            }
        }
        return loops
    }

    private func closeListeners() {
        // Under the lock: whoever comes second returns when they are closed, too.
        listeners.withLock { listeners in
            for socket in listeners { socket.close() }
            listeners = []
        }
    }
}
