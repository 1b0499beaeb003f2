import Compute
import LinearAlgebra
import NormalizingFlows
import Testing

@Suite struct ConditionalGaussianCacheTests {
    private static let size = 40
    private let gaussian = ImageGaussian(
        mean: Array(repeating: 0.5, count: size), covariance: .identity(size), precision: .identity(size))

    /// All pixels known but `missing` ones from `first` on.
    private func known(_ missing: Int, from first: Int = 0) -> [Bool] {
        (0..<Self.size).map { !(first..<first + missing).contains($0) }
    }

    @Test func aMaskIsKeptUntilOthersHaveBeenUsedSince() {
        let cache = ConditionalGaussianCache(mostBytes: .max, mostEntries: 3)
        let first = cache.entry(for: known(2), in: gaussian)
        for place in 3..<5 { _ = cache.entry(for: known(2, from: place), in: gaussian) }
        #expect(cache.entry(for: known(2), in: gaussian) === first)
        // Used last of the three: the two others go before it.
        for place in 5..<7 { _ = cache.entry(for: known(2, from: place), in: gaussian) }
        #expect(cache.entry(for: known(2), in: gaussian) === first)
        for place in 7..<10 { _ = cache.entry(for: known(2, from: place), in: gaussian) }
        #expect(cache.entry(for: known(2), in: gaussian) !== first)
        #expect(cache.size.entries == 3)
    }

    @Test func theBytesAreBounded() {
        let most = 5000, cache = ConditionalGaussianCache(mostBytes: most, mostEntries: 1000)
        for missing in 1...Self.size {
            for first in 0..<4 where first + missing <= Self.size {
                let entry = cache.entry(for: known(missing, from: first), in: gaussian)
                #expect(entry.bytes >= 8 * min(missing, Self.size - missing) * min(missing, Self.size - missing))
                #expect(cache.size.bytes <= most)
            }
        }
        #expect(cache.size.entries > 0)
        // What is too large is not kept, and nothing gives way to it.
        let before = cache.size.bytes
        let tiny = ConditionalGaussianCache(mostBytes: 10, mostEntries: 10)
        _ = tiny.entry(for: known(20), in: gaussian)
        #expect(tiny.size == (0, 0))
        #expect(cache.size.bytes == before)
    }
}
