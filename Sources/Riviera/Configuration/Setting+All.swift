extension Setting {
    /// Every key there is. A line here gives it its flag, its variable, its place in the file, its
    /// check and its help; `config/riviera.json` shows the same defaults.
    package static let all: [Setting] = [
        Setting(
            "http.host", .text, standard: "localhost", flag: "host",
            "Names or numeric addresses to listen on, separated by commas. localhost is 127.0.0.1 and ::1, * is every "
                + "address of this machine; empty to listen on http.unix_socket alone."),
        Setting(
            "http.port", .integer(0...65535), standard: "8080", flag: "port",
            "Port to listen on; 0 for a free one, which the log names."),
        Setting(
            "http.unix_socket", .path, standard: nil,
            "Path of a Unix socket to listen on, too."),
        Setting(
            "http.unix_socket_mode", .mode, standard: nil,
            "Permissions of that socket's file in octal digits, such as 0660: who may write may connect; by default what the "
                + "umask leaves."),
        Setting(
            "http.tls_certificate", .path, standard: nil, flag: "tls-certificate",
            "File of the server's certificate in PEM, followed by its intermediates: makes http.port speak HTTPS only. "
                + "Read again on SIGHUP."),
        Setting(
            "http.tls_key", .path, standard: nil, flag: "tls-key",
            "File of that certificate's private key in PEM, not encrypted."),
        Setting(
            "http.tls_client_ca", .path, standard: nil, flag: "tls-client-ca",
            "File of the authorities in PEM whose clients are let in: makes every client show a certificate."),
        Setting(
            "http.handshake_timeout", .number(0.001...86400), standard: "10",
            "Seconds for the handshake of a TLS connection, all of it."),
        Setting(
            "http.token_file", .path, standard: nil, flag: "token-file",
            "File of bearer tokens, one a line: requests must carry one, but for /health and the page's own files. "
                + "Read again on SIGHUP. RIVIERA_HTTP_TOKENS may list some, too, separated by commas."),
        Setting(
            "http.max_head_bytes", .integer(1024...1_048_576), standard: "16384",
            "Longest request line and header fields together; longer ones get 431."),
        Setting(
            "http.max_fields", .integer(8...10000), standard: "100",
            "Most header fields of a request; more get 431."),
        Setting(
            "http.max_body_bytes", .integer(0...1_099_511_627_776), standard: "8388608",
            "Longest body of a request; longer ones get 413 before they are read."),
        Setting(
            "http.max_bytes_in_flight", .integer(1_048_576...1_099_511_627_776), standard: "536870912",
            "Bytes that all requests in progress may hold together: bodies, work and replies; beyond that they get 503."
        ),
        Setting(
            "http.max_connections", .integer(1...1_000_000), standard: "1024",
            "Connections open at once."),
        Setting(
            "http.head_timeout", .number(0.001...86400), standard: "10",
            "Seconds for a request's head to arrive, all of it."),
        Setting(
            "http.body_timeout", .number(0.001...86400), standard: "30",
            "Seconds for a request's body to arrive, all of it."),
        Setting(
            "http.write_timeout", .number(0.001...86400), standard: "30",
            "Seconds for the client to take a reply, all of it."),
        Setting(
            "http.idle_timeout", .number(0.001...86400), standard: "60",
            "Seconds that a connection may wait between requests."),
        Setting(
            "http.grace_period", .number(0...86400), standard: "20",
            "Seconds that running requests get to finish after SIGTERM."),
        Setting(
            "http.event_loops", .integer(1...256), standard: "1",
            "Threads that read and write the sockets."),
        Setting(
            "http.compression", .choice(["gzip", "off"]), standard: "gzip",
            "Compress replies for clients that accept it: gzip or off."),
        Setting(
            "http.cors_origins", .origins, standard: nil, flag: "cors-origins",
            "Web pages that may read the replies: * for all, or their origins, such as https://example.org, separated by "
                + "commas; by default none."),
        Setting(
            "model.file", .texts, standard: nil, flag: "model",
            "Models to load, the first of them the default: FILE, or NAME=FILE to say what requests call it, of a PyTorch .pt "
                + "of a NICE state dict or a .safetensors; or the name alone of one that comes with the program "
                + "(\(BundledModel.names)). The flag may be repeated, a list has commas. By default all that come with the "
                + "program."),
        Setting(
            "model.precision", .choice(["float16", "float32"]), standard: "float16", flag: "precision",
            "How the weights are kept in memory: float16 or float32."),
        Setting(
            "model.first_transformed", .choice(["even", "odd"]), standard: nil, flag: "first-transformed",
            "Which pixels, counted from 0, the first coupling transforms: even (mask_config=1 in PyTorch) or odd "
                + "(mask_config=0); by default what the file records, else even."),
        Setting(
            "compute.threads", .integer(1...1024), standard: nil,
            "Compute threads; by default one for each core."),
        Setting(
            "compute.batch", .integer(1...65536), standard: "64",
            "Images that are worked on at once, over all threads."),
        Setting(
            "compute.queue", .integer(0...1_000_000), standard: "256",
            "Requests that may wait for a thread; one more gets 503."),
        Setting(
            "api.deadline", .number(0.001...86400), standard: "60",
            "Seconds that a request without deadline= may take; then it gets 504."),
        Setting(
            "api.stream_deadline", .number(0.001...31_536_000), standard: nil,
            "The same for requests that are answered as a stream (NDJSON); by default unlimited."),
        Setting(
            "api.max_deadline", .number(0.001...31_536_000), standard: nil,
            "Longest deadline of any request, streams included; deadline= beyond it gets 422. By default unlimited."),
        Setting(
            "photographs.max_pixels", .integer(1...67_108_864), standard: "4194304",
            "Most pixels of a photograph to be filled; more get 422. Its body may have eight bytes for each and 1 MiB more."
        ),
        Setting(
            "ruin.max_games", .integer(1...9_007_199_254_740_992), standard: "1000000000000000",
            "Most games (n times k) of one request to /ruin; more get 422."),
        Setting(
            "probability.max_evaluations", .integer(1...1_000_000_000_000), standard: "1000000000",
            "Most evaluations of g that one request to /probability may allow; more get 422."),
        Setting(
            "gradients.max_draws", .integer(1...1_000_000_000_000_000), standard: "10000000000",
            "Most draws of one request for gradients, iterations × batch × estimators; more get 422."),
        Setting(
            "convolution.max_channels", .integer(1...2048), standard: "256",
            "Most channels that an invertible convolution mixes; more get 422."),
        Setting(
            "convolution.max_numbers", .integer(1...100_000_000), standard: "2000000",
            "Most numbers of a convolution's input, its conditioner's layer, or its weights; more get 422."),
        Setting(
            "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            standard: "info", "Least severe events that are logged."),
        Setting(
            "log.format", .choice(["text", "json"]), standard: "text",
            "How events are logged, one a line, on standard error: text or json."),
    ]

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    /// The first parts of the keys, in the order of the table: `http`.
    package static let sections: [String] = all.reduce(into: []) { sections, setting in
        let section = String(setting.section)
        if sections.last != section { sections.append(section) }
    }

    /// The setting of that key.
    package static func named(_ key: String) -> Setting? { byKey[key] }
}
