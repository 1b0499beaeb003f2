import CoreMetrics
import Synchronization

/// A value that only grows. Lock-free.
final class PrometheusCounter: CounterHandler, FloatingPointCounterHandler, PrometheusSeries {
    /// Whole and fractional increments apart: the former stay exact beyond 2^53.
    private let whole = Atomic<Int64>(0)
    private let fractional = AtomicDouble()

    /// Adds; a negative amount is ignored, since a counter that falls reads as a restart.
    func increment(by amount: Int64) {
        if amount > 0 { whole.wrappingAdd(amount, ordering: .relaxed) }
    }

    /// Adds; what is negative or not finite is ignored.
    func increment(by amount: Double) {
        if amount > 0, amount.isFinite { fractional.add(amount) }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0)
    }

    func write(to exposition: inout Exposition, name: String, labels: String) {
        let value = Double(whole.load(ordering: .relaxed)) + fractional.load()
        exposition.sample(name, labels, value)
    }
}
