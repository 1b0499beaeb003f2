import API
import Compute
import HTTP
import LinearAlgebra
import NormalizingFlows
import RareEvents
import Streams

extension TLSIdentity {
    /// The certificate and key that the settings name; nil where they name none.
    ///
    /// - Throws: `SettingError` for files that cannot be used, or of which one is missing.
    package convenience init?(_ settings: Settings) throws(SettingError) {
        let certificate = settings.string(ifSet: "http.tls_certificate"), key = settings.string(ifSet: "http.tls_key")
        let authorities = settings.string(ifSet: "http.tls_client_ca")
        guard let certificate, let key else {
            for (name, value) in [("certificate", certificate), ("key", key), ("client_ca", authorities)]
            where value != nil {
                let missing = certificate == nil ? "http.tls_certificate" : "http.tls_key"
                throw SettingError(contradiction: "http.tls_\(name) is set and \(missing) is not")
            }
            return nil
        }
        guard !settings.string("http.host").isEmpty else {
            throw SettingError(
                contradiction: "http.tls_certificate is set and http.host is empty: a Unix socket carries plain HTTP")
        }
        do throws(TLSError) {
            try self.init(TLSFiles(certificate: certificate, key: key, clientAuthorities: authorities))
        } catch {
            throw SettingError(error)
        }
    }
}

extension HTTPServerConfiguration {
    /// - Parameter tls: the certificate that connections are secured by
    package init(_ settings: Settings, tls: TLSIdentity? = nil) throws(SettingError) {
        let port = settings.int("http.port")
        var addresses = settings.string("http.host").split(separator: ",").map { host in
            ListenAddress.tcp(host: String(host.filter { $0 != "[" && $0 != "]" && $0 != " " }), port: port)
        }
        if let path = settings.string(ifSet: "http.unix_socket") { addresses.append(.unix(path: path)) }
        guard !addresses.isEmpty else {
            throw SettingError(
                contradiction: "http.host and http.unix_socket are both empty: there is nowhere to listen")
        }
        self.init(addresses: addresses)
        unixSocketMode = settings.int(ifSet: "http.unix_socket_mode").flatMap(UInt32.init(exactly:))
        self.tls = tls
        handshakeDeadline = settings.duration("http.handshake_timeout")
        eventLoops = settings.int("http.event_loops")
        headLimit = settings.int("http.max_head_bytes")
        fieldLimit = settings.int("http.max_fields")
        bodyLimit = settings.int("http.max_body_bytes")
        memoryLimit = settings.int("http.max_bytes_in_flight")
        guard bodyLimit <= memoryLimit else {
            throw SettingError(
                contradiction:
                    "http.max_body_bytes is \(bodyLimit), more than the \(memoryLimit) of http.max_bytes_in_flight")
        }
        connectionLimit = settings.int("http.max_connections")
        headDeadline = settings.duration("http.head_timeout")
        bodyDeadline = settings.duration("http.body_timeout")
        writeDeadline = settings.duration("http.write_timeout")
        idleDeadline = settings.duration("http.idle_timeout")
        shutdownGrace = settings.duration("http.grace_period")
    }
}

extension APIConfiguration {
    /// - Parameter tokens: those of which requests must carry one
    package init(_ settings: Settings, tokens: BearerTokens? = nil) {
        self.init(deadline: settings.duration("api.deadline"), ruin: RuinLimits(settings))
        self.tokens = tokens
        streamDeadline = settings.duration(ifSet: "api.stream_deadline")
        maximumDeadline = settings.duration(ifSet: "api.max_deadline")
        isCompressing = settings.string("http.compression") == "gzip"
        crossOrigins = settings.string(ifSet: "http.cors_origins").flatMap(CrossOriginPolicy.init)
        maximumPhotographPixels = settings.int("photographs.max_pixels")
        maximumEvaluations = settings.int("probability.max_evaluations")
        maximumDraws = settings.int("gradients.max_draws")
        convolution = ConvolutionLimits(
            channels: settings.int("convolution.max_channels"),
            numbers: settings.int("convolution.max_numbers"))
    }
}

extension RuinLimits {
    init(_ settings: Settings) {
        self.init(games: UInt64(settings.int("ruin.max_games")))
    }
}

extension Compute {
    /// How many threads the settings ask for.
    static func threadCount(_ settings: Settings) -> Int {
        settings.int(ifSet: "compute.threads") ?? min(settings.int("compute.batch"), ProcessorCount.available())
    }

    /// Loads models and starts the threads.
    ///
    /// - Parameter sources: of the models; none where nothing will be asked that needs one.
    /// - Throws: `CheckpointError` or `FileError` for the weights, `SettingError` for the sizes.
    convenience init(_ settings: Settings, models sources: [ModelSource]) throws {
        let batch = settings.int("compute.batch")
        let threads = Self.threadCount(settings)
        guard threads <= batch else {
            throw SettingError(
                contradiction: "compute.batch is \(batch), less than the \(threads) of compute.threads")
        }
        try self.init(
            models: ModelSource.load(sources),
            configuration: ComputeConfiguration(
                threads: threads, batch: batch, queue: settings.int("compute.queue")))
    }
}
