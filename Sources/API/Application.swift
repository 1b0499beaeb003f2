import Compute
import HTTP
import HTTPTypes
import Logging

/// The whole API as one handler: routes requests to endpoints, turns every error into a problem,
/// keeps log and metrics.
public struct Application: Handler {
    private let compute: Compute
    private let router: Router
    private let pages: OperationsPages
    private let configuration: APIConfiguration
    private let access: Access
    private let accessLog: AccessLog
    private let metrics = HTTPMetrics()
    private let memory = MemoryRelease()
    private let logger: Logger
    /// Of the models' images, where there are models and it is the same for all.
    package let shape: ImageShape?

    public init(
        compute: Compute, configuration: APIConfiguration, registry: PrometheusRegistry,
        files: PageFiles = PageFiles(), logger: Logger
    ) {
        var endpoints: [Endpoint] = []
        let facts = ModelFacts(of: compute.models)
        shape = facts.shape
        if !facts.names.isEmpty {
            endpoints =
                ModelController(compute: compute, facts: facts, configuration: configuration).endpoints
                + [InpaintingController(compute: compute, facts: facts, configuration: configuration).endpoint]
        }
        endpoints +=
            RuinController(compute: compute, configuration: configuration).endpoints
            + ProbabilityController(compute: compute, configuration: configuration).endpoints
            + [
                GradientsController(compute: compute, configuration: configuration).endpoint,
                EvidenceController(compute: compute, configuration: configuration).endpoint,
                ProjectionController(compute: compute).endpoint,
                MaximizationController(compute: compute).endpoint,
                ConvolutionController(compute: compute, limits: configuration.convolution).endpoint,
            ]
        self.compute = compute
        let needsToken = configuration.tokens != nil
        access = Access(tokens: configuration.tokens)
        let document = OpenAPIDocument(
            declarations: endpoints.map(\.declaration) + Declaration.pages,
            longestDeadline: configuration.maximumDeadline.map { $0 / .seconds(1) }, needsToken: needsToken)
        pages = OperationsPages(
            registry: registry, endpoints: endpoints, document: document, files: files, needsToken: needsToken)
        router = Router(endpoints, compute: compute)
        self.configuration = configuration
        self.logger = logger
        accessLog = AccessLog(logger: logger, access: access)
    }

    /// Whether what is to be filled is a photograph, where a request names no model.
    package var fillsPhotographs: Bool { compute.models.standard?.model.isOfPatches ?? false }

    /// Each endpoint's path and methods.
    package var routes: [(path: String, methods: [String])] { router.endpoints.map { ($0.path, $0.methods) } }

    /// What each endpoint is declared to be.
    package var declarations: [Declaration] { router.endpoints.map(\.declaration) + Declaration.pages }

    /// Each endpoint's example, in the order of the index.
    package var examples: [Example] { router.endpoints.map(\.declaration.example) }

    /// Makes what the first request for it would have to wait for.
    ///
    /// - Throws: `ComputeError` where no work is accepted any more.
    public func prepare() async throws { _ = try await compute.perform { [pages] _ in pages.makeDocument() } }

    /// Says whether `/health/ready` answers 200.
    public func setReady(_ value: Bool) { pages.setReady(value) }

    public func respondImmediately(to request: Request) -> Response? {
        (access.refusal(of: request) ?? pages.respond(to: request)).map { finished($0, for: request) }
    }

    /// What every reply gets: its coding, and whom browsers may show it to.
    private func finished(_ response: Response, for request: Request) -> Response {
        let coded =
            configuration.isCompressing ? response.compressed(for: request.head, memory: request.memory) : response
        return configuration.crossOrigins?.marked(coded, for: request.head) ?? coded
    }

    /// True where the endpoint is brief and the body short: reading a long one takes a while, and a compressed one may be
    /// long.
    public func isBrief(_ request: Request) -> Bool {
        router.endpoint(at: request.path)?.declaration.isBrief == true
            && request.head.contentLength.map { $0 <= Self.briefBody } == true
            && request[.contentEncoding] == nil && !Self.isOfMany(request)
    }

    /// Whether a body has lines or parts.
    private static func isOfMany(_ request: Request) -> Bool {
        switch request[.contentType].flatMap(MediaType.init(contentType:)) {
        case .ndjson, .form: true
        default: false
        }
    }

    /// Bytes: an image of the default model, its pixels written out in double precision, and half as
    /// much again.
    private static let briefBody = 24 << 10

    public func respond(to request: Request) async -> Response {
        let endpoint = router.endpoint(at: request.path)
        var response: Response
        do {
            response = try await router.respond(
                to: Call(request, configuration: configuration), at: endpoint, pages: pages)
        } catch {
            let problem = Problem(error)
            if problem.status == .internalServerError {
                logger.error(
                    "unexpected error",
                    metadata: [
                        "error": "\(error)", "target": "\(ShownTarget.text(of: request.target))",
                        "id": "\(request.id)",
                    ])
            }
            response = .problem(problem, requestID: request.id)
        }
        if let endpoint {
            response.route = endpoint.path
            response.nameFile(after: endpoint.path)
        }
        return finished(response, for: request)
    }

    public func respond(to error: ProtocolError) -> Response {
        let response = Response.problem(Problem(error), requestID: error.requestID)
        return configuration.crossOrigins?.marked(response, for: error.head) ?? response
    }

    public func bodyLimit(for head: RequestHead) -> Int? {
        router.endpoint(at: head.path)?.bodyLimit?(head)
    }

    /// All that is queued or running ends with what it has reached.
    public func graceEnded() { compute.endAll() }

    public func received(_ head: RequestHead) { metrics.requestBegan() }

    public func observe(_ event: ConnectionEvent) { metrics.count(event) }

    public func responded(_ record: ExchangeRecord) {
        if record.method != nil { metrics.requestEnded() }
        metrics.count(record)
        accessLog.write(record)
        memory.exchangeEnded(bytes: record.bytesReceived + record.bytesSent + record.bytesReserved)
    }
}
