import Metrics

/// The metrics of work. Names follow Prometheus' conventions: seconds, totals.
struct ComputeMetrics: Sendable {
    let queueDepth = Gauge(label: "riviera_queue_depth")
    let wait = Recorder(label: "riviera_queue_wait_seconds")
    let batchSize = Recorder(label: "riviera_batch_size")
    let rejected = Counter(label: "riviera_rejected_total")
    /// Work that stopped because its client left or its deadline passed.
    let interrupted = Counter(label: "riviera_cancelled_total")

    func waited(_ duration: Duration) { wait.record(duration / .seconds(1)) }
}
