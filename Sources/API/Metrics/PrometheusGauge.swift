import CoreMetrics

/// A value that rises and falls: the last one set, and what was added since. Lock-free.
final class PrometheusGauge: MeterHandler, RecorderHandler, PrometheusSeries {
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }

    // swift-metrics' `Gauge` is a recorder that keeps its last value.
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(to exposition: inout Exposition, name: String, labels: String) {
        exposition.sample(name, labels, value.load())
    }
}
