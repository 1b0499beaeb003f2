import API
import Compute
import Glibc
import HTTP
import Logging
import Metrics
import NormalizingFlows
import ServiceLifecycle
import Streams
import Threads

/// The service, put together: sockets around the API around the compute threads around the model.
struct Server: Service {
    private let http: HTTPServer
    private let application: Application
    private let compute: Compute
    private let files: ReloadableFiles
    private let logger = Logger(label: "riviera")

    /// - Throws: what names its culprit in one line: a setting, an address in use, a weights file.
    private init(_ settings: Settings, _ registry: PrometheusRegistry) throws {
        Gauge(
            label: "riviera_build_info",
            dimensions: [
                ("kernels", ServerIdentity.kernels), ("version", ServerIdentity.version),
            ]
        ).record(1)
        let sources = try ModelSource.all(settings)
        compute = try Compute(settings, models: sources)
        files = try ReloadableFiles(
            settings, models: ModelReload(sources, in: compute, logger: logger), logger: logger)
        application = Application(
            compute: compute, configuration: APIConfiguration(settings, tokens: files.tokens?.tokens),
            registry: registry,
            files: try PageFiles(BundledFiles.page()), logger: Logger(label: "api"))
        var configuration = try HTTPServerConfiguration(settings, tls: files.certificate?.identity)
        configuration.inheritedSockets = try InheritedSockets.descriptors()
        Gauge(label: "riviera_http_connections_max").record(configuration.connectionLimit)
        http = HTTPServer(configuration: configuration, handler: application, logger: Logger(label: "http"))
        try http.bind()
    }

    /// Serves until SIGTERM or SIGINT, then finishes what runs and ends the process.
    ///
    /// To be called on the only thread there is, with the signals held: it waits for them.
    ///
    /// - Parameter endsWithInput: the end of standard input is a request to end, too.
    /// - Throws: what names its culprit in one line.
    static func serve(_ settings: Settings, endsWithInput: Bool) throws -> Never {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let droppedLines = Counter(label: "riviera_log_dropped_lines")
        let options = LogOptions(settings)
        let writer = try options.writer { droppedLines.increment(by: $0) }
        LoggingSystem.bootstrap { options.handler(label: $0, writer: writer) }
        try TaskThreads.require(
            besides: settings.int("http.event_loops") + Compute.threadCount(settings))

        let end = { @Sendable (status: Int32) in
            writer.flush(within: .seconds(1))
            exit(status)
        }
        let lifetime = ServerLifetime { end(0) }
        if endsWithInput {
            try SystemThread.detach(name: "input") {
                _ = try? readAll(from: STDIN_FILENO, name: "standard input")
                lifetime.end()
            }
        }
        Task {
            do {
                let server = try Server(settings, registry)
                // The group would say of each failure what this program says in its one line.
                let silence = Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
                let group = ServiceGroup(services: [server], logger: silence)
                lifetime.begins(group, server.http) { [files = server.files] in files.reload() }
                try await group.run()
                end(0)
            } catch {
                writer.flush(within: .seconds(1))
                Main.exit(reporting: error)
            }
        }
        let hadTerminal = isatty(STDIN_FILENO) == 1
        while true {
            // A terminal that is gone is the other reason for SIGHUP.
            if TerminationSignals.next() == SIGHUP && !(hadTerminal && isatty(STDIN_FILENO) != 1) {
                lifetime.reload()
            } else {
                lifetime.end()
            }
        }
    }

    func run() async throws {
        defer { compute.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withGracefulShutdownHandler {
                    try await http.run()
                } onGracefulShutdown: { [application, logger] in
                    application.setReady(false)
                    logger.info("draining")
                }
            }
            group.addTask { try await getReady() }
            // Weights that turn out to be damaged end the server.
            while try await group.next() != nil {}
        }
    }

    /// Compares the weights with their checksums, and makes what the first request would wait for:
    /// pages of the weights, their digests, the means, the description of the endpoints.
    ///
    /// - Throws: `CheckpointError` or `NonFiniteValue` where the weights cannot be served.
    private func getReady() async throws {
        let models = compute.models.all, threads = compute.configuration.threads
        do {
            async let pages: Void = application.prepare()
            for model in models { try await compute.prepare(model) }
            try await pages
            guard !Task.isShuttingDownGracefully else { return }
            application.setReady(true)
            logger.info(
                "ready",
                metadata: [
                    "kernels": "\(ServerIdentity.kernels)",
                    "model": "\(models.map(\.model.name).joined(separator: ", "))",
                    "sha256": "\(models.compactMap(\.model.knownSHA256).joined(separator: ", "))",
                    "threads": .stringConvertible(threads),
                ])
        } catch let error as CheckpointError {
            throw error
        } catch let error as NonFiniteValue {
            throw error
        } catch {
            logger.error("not ready", metadata: ["error": "\(error)"])
        }
    }
}
