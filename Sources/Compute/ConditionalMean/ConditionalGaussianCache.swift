import NormalizingFlows
import Synchronization

/// The factored systems of the masks that were used last, those that are still being factored among them: requests
/// with the same mask work on the same one. Bounded in memory; the one that was used longest ago gives way.
package final class ConditionalGaussianCache: Sendable {
    /// A mask's system, which one thread at a time advances.
    package final class Entry: Sendable {
        package let run: Mutex<ConditionalGaussianRun>
        package let bytes: Int

        init(_ run: ConditionalGaussianRun, bytes: Int) {
            self.run = Mutex(run)
            self.bytes = bytes
        }
    }

    fileprivate struct State {
        var entries: [[Bool]: (entry: Entry, lastUse: UInt64)] = [:]
        var bytes = 0, uses: UInt64 = 0
    }

    private let mostBytes, mostEntries: Int
    private let state = Mutex(State())

    package init(mostBytes: Int = 32 << 20, mostEntries: Int = 256) {
        self.mostBytes = mostBytes
        self.mostEntries = mostEntries
    }

    /// How many masks are kept, and their bytes.
    package var size: (entries: Int, bytes: Int) { state.withLock { ($0.entries.count, $0.bytes) } }

    /// The mask's entry. Where there is none, a new one, which is kept unless it is too large for that.
    ///
    /// - Parameter known: true where a pixel is known.
    package func entry(for known: [Bool], in gaussian: ImageGaussian) -> Entry {
        if let entry = state.withLock({ $0.use(known) }) { return entry }
        let run = ConditionalGaussianRun(known: known, in: gaussian)
        let made = Entry(run, bytes: run.bytes + 2 * known.count)
        return state.withLock { state in
            // Another thread may have made it meanwhile.
            if let entry = state.use(known) { return entry }
            guard made.bytes <= mostBytes else { return made }
            state.entries[known] = (made, state.uses)
            state.bytes += made.bytes
            while state.bytes > mostBytes || state.entries.count > mostEntries { state.removeOldest() }
            return made
        }
    }
}

extension ConditionalGaussianCache.State {
    fileprivate mutating func use(_ known: [Bool]) -> ConditionalGaussianCache.Entry? {
        uses += 1
        guard let entry = entries[known]?.entry else { return nil }
        entries[known]?.lastUse = uses
        return entry
    }

    fileprivate mutating func removeOldest() {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        entries[oldest.key] = nil
        bytes -= oldest.value.entry.bytes
    }
}
