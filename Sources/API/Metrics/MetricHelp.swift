/// What each metric of the service means: the HELP lines of its exposition.
enum MetricHelp {
    /// Keyed by the name as it is exposed. A metric that is not listed has no HELP line.
    static let texts: [String: String] = [
        "riviera_batch_size": "Images that are being inpainted, observed whenever a thread takes one up.",
        "riviera_build_info": "1; the labels say the version and the instruction set of the kernels.",
        "riviera_cancelled_total":
            "Work that ended early: its client left, its deadline passed, or the service shut down.",
        "riviera_http_connections": "Connections that are open.",
        "riviera_http_connections_closed_total":
            "Connections closed although their clients had not finished: others waited to connect (room), or memory was short.",
        "riviera_http_connections_max": "Connections that may be open at once.",
        "riviera_http_in_progress": "Requests whose head has been received and whose reply has not been sent yet.",
        "riviera_http_request_duration_seconds":
            "Time from a request's head to the last byte of its reply, by route.",
        "riviera_http_requests_total": "Requests answered, by route, method and status.",
        "riviera_http_tokens": "Tokens that requests may carry.",
        "riviera_log_dropped_lines_total":
            "Lines of the log that were dropped because standard error did not take them in time.",
        "riviera_model_memory_bytes": "Bytes that a model's weights take in memory.",
        "riviera_model_reloads_total": "Times that a model's files were read again, by whether the new one serves.",
        "riviera_model_requests_total": "Requests, or lines of requests, that asked a model.",
        "riviera_queue_depth": "Work that no thread has begun.",
        "riviera_queue_wait_seconds": "Time that work waited before a thread began it.",
        "riviera_rejected_total": "Requests refused because the queue was full.",
        "riviera_tls_certificate_not_after_seconds":
            "When the certificate that is served ends, in seconds since 1970 (UTC).",
        "riviera_tls_certificate_reloads_total":
            "Times that the certificate's files were read again, by whether there is a new one; failed: the old one stays.",
        "riviera_tls_handshakes_total": "TLS handshakes, by how they ended.",
        "riviera_token_reloads_total":
            "Times that the tokens' file was read again, by whether there are other ones; failed: the old ones stay, or lines "
            + "were no tokens.",
        "process_cpu_seconds_total": "User and system time spent by all threads.",
        "process_max_fds": "File descriptors that may be open at once.",
        "process_open_fds": "File descriptors that are open.",
        "process_resident_memory_bytes": "Memory resident in RAM.",
        "process_start_time_seconds": "When the process started, in seconds since 1970 (UTC).",
    ]
}
