import Metrics

/// What came of reading a file again.
package enum ReloadOutcome: String, CaseIterable, Sendable {
    /// Something else is in use from then on.
    case replaced
    /// The file holds what was in use.
    case unchanged
    /// The file, or a part of it, cannot be used.
    case failed
}

/// How often a file was read again, by what came of it. The series are there from the start, so that the first failure is
/// seen as an increase.
struct ReloadCounters: Sendable {
    private let counters: [ReloadOutcome: Counter]

    /// - Parameters:
    ///   - label: without `_total`
    ///   - dimensions: what the series have beside `result`
    init(_ label: String, dimensions: [(String, String)] = []) {
        counters = Dictionary(
            uniqueKeysWithValues: ReloadOutcome.allCases.map { outcome in
                (outcome, Counter(label: label, dimensions: dimensions + [("result", outcome.rawValue)]))
            })
    }

    func count(_ outcome: ReloadOutcome) { counters[outcome]?.increment() }
}
