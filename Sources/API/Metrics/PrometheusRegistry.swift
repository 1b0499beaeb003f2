import CoreMetrics
import Synchronization

/// Where the service's metrics live, and where Prometheus reads them.
///
/// One series is one object: the same label and dimensions give the same handler, whoever asks.
/// Making a handler looks a series up under a lock, using one does not; keep handlers.
/// Counters end in `_total` and timers in `_seconds`, added where a label lacks it. Recorders
/// and timers are histograms: in seconds where the name ends so, else in powers of two.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    /// The exposition's `Content-Type`.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private struct Family {
        let kind: MetricKind
        var series: [String: any PrometheusSeries] = [:]
    }

    /// By exposed name, then by rendered labels.
    private let families = Mutex<[String: Family]>([:])

    public init() {}

    /// All series in Prometheus' text format 0.0.4, sorted by name and then by labels, and the
    /// process's own as of now.
    public func render() -> [UInt8] {
        let families = families.withLock { $0 }
        let process = ProcessMetrics.current()
        var exposition = Exposition()
        for name in Set(families.keys).union(process.families.keys).sorted() {
            if let family = families[name] {
                exposition.begin(name, kind: family.kind)
                for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                    series.write(to: &exposition, name: name, labels: labels)
                }
            } else if let own = process.families[name] {
                exposition.begin(name, kind: own.kind)
                exposition.sample(name, "", own.value)
            }
        }
        return exposition.bytes
    }

    /// The series of that name and those dimensions, made where there is none yet.
    private func series<Series: PrometheusSeries>(
        _ name: String, _ dimensions: [(String, String)], kind: MetricKind,
        make: (String) -> Series
    ) -> Series {
        let labels = MetricName.labels(dimensions)
        return families.withLock { families in
            let known = families[name]
            precondition(
                known == nil || known?.kind == kind,
                "\(name) is a \(known!.kind.rawValue) and cannot be a \(kind.rawValue) too")
            if let series = known?.series[labels] as? Series { return series }
            let series = make(name)
            families[name, default: Family(kind: kind)].series[labels] = series
            return series
        }
    }

    private func remove(_ handler: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key
                else { continue }
                families[name]?.series[labels] = nil
                if families[name]?.series.isEmpty == true { families[name] = nil }
                return
            }
        }
    }
}

/// What the exposition needs of a handler.
protocol PrometheusSeries: AnyObject, Sendable {
    func write(to exposition: inout Exposition, name: String, labels: String)
}

extension PrometheusRegistry {
    private func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        series(MetricName.metric(label, suffix: "_total"), dimensions, kind: .counter) { _ in
            PrometheusCounter()
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        series(MetricName.metric(label), dimensions, kind: .gauge) { _ in PrometheusGauge() }
    }

    private func histogram(
        _ name: String, _ dimensions: [(String, String)]
    ) -> PrometheusHistogram {
        series(name, dimensions, kind: .histogram) {
            PrometheusHistogram(bounds: HistogramBounds.bounds(for: $0))
        }
    }

    public func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler { counter(label, dimensions) }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { counter(label, dimensions) }

    public func makeMeter(
        label: String, dimensions: [(String, String)]
    ) -> any MeterHandler { gauge(label, dimensions) }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? histogram(MetricName.metric(label), dimensions) : gauge(label, dimensions)
    }

    public func makeTimer(
        label: String, dimensions: [(String, String)]
    ) -> any TimerHandler {
        histogram(MetricName.metric(label, suffix: "_seconds"), dimensions)
    }

    // Destroying takes a series out of the exposition, for all who hold it.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        remove(handler)
    }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
