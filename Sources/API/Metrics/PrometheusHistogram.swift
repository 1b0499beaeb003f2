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
        var total: UInt64 = 0
        // Added up under the lock: an array that is shared for a while would have to be copied by the next observation.
        let (cumulative, sum) = observations.withLock { observations in
            let sums = observations.counts.map { count in
                total += count
                return total
            }
            return (sums, observations.sum)
        }
        let separator = labels.isEmpty ? "" : ","
        for (count, bound) in zip(cumulative, bounds + [.infinity]) {
            exposition.sample(
                "\(name)_bucket", "\(labels)\(separator)le=\"\(Exposition.number(bound))\"", Double(count))
        }
        exposition.sample("\(name)_sum", labels, sum)
        exposition.sample("\(name)_count", labels, Double(total))
    }
}
