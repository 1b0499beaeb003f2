import CoreMetrics
import Synchronization

/// Observations counted by size. A lock a series holds counts and sum together, so that a scrape
/// never sees an observation in one and not in the other.
final class PrometheusHistogram: RecorderHandler, TimerHandler, PrometheusSeries {
    private struct Observations {
        /// One more than bounds: the last counts what is above them all.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let observations: Mutex<Observations>

    init(bounds: [Double]) {
        self.bounds = bounds
        observations = Mutex(
            Observations(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Counts one observation in the bucket of the least bound that is not below it. What is not
    /// finite is ignored: it would spoil the sum for good.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        observations.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(to exposition: inout Exposition, name: String, labels: String) {
        let observations = observations.withLock { $0 }
        let separator = labels.isEmpty ? "" : ","
        var cumulative: UInt64 = 0
        for (count, bound) in zip(observations.counts, bounds + [.infinity]) {
            cumulative += count
            exposition.sample(
                "\(name)_bucket", "\(labels)\(separator)le=\"\(Exposition.number(bound))\"",
                Double(cumulative))
        }
        exposition.sample("\(name)_sum", labels, observations.sum)
        exposition.sample("\(name)_count", labels, Double(cumulative))
    }
}
