import API
import Compute
import HTTP
import Logging
import Metrics
import NormalizingFlows
import ServiceLifecycle

/// The service, put together: sockets around the API around the compute threads around the model.
struct Server: Service {
    private let http: HTTPServer
    private let application: Application
    private let compute: Compute
    private let logger = Logger(label: "riviera")

    /// - Throws: what names its culprit in one line: a setting, an address in use, a weights file.
    init(_ settings: Settings) throws {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        compute = try Compute(settings)
        application = Application(
            compute: compute, configuration: APIConfiguration(settings), registry: registry,
            logger: Logger(label: "api"))
        http = HTTPServer(
            configuration: try HTTPServerConfiguration(settings), handler: application,
            logger: Logger(label: "http"))
        try http.bind()
    }

    /// Serves until SIGTERM or SIGINT, then finishes what runs.
    static func run(_ settings: Settings) async throws {
        let server = try Server(settings)
        // The group would say of each failure what this program says in its one line.
        let silence = Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
        try await ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: silence
        ).run()
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
    /// pages of the weights, their digest, the mean.
    ///
    /// - Throws: `CheckpointError` or `NonFiniteValue` where the weights cannot be served.
    private func getReady() async throws {
        let model = compute.model, threads = compute.configuration.threads
        do {
            async let digest = compute.modelDigest()
            try await compute.verifyModel()
            _ = try await compute.likelihood(of: try await compute.meanImage())
            let sha256 = try await digest
            guard !Task.isShuttingDownGracefully else { return }
            application.setReady(true)
            logger.info("ready", metadata: [
                "model": "\(model.name)", "sha256": "\(sha256)", "threads": .stringConvertible(threads),
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
