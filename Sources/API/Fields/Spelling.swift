/// Which name was probably meant.
package enum Spelling {
    /// Bytes of the longest names that are compared: it bounds the work.
    private static let longest = 64

    /// The candidate within two edits (and less than half the word) of `name`, the first of the
    /// nearest ones.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let bytes = Array(name.utf8)
        let ranked = candidates.filter { $0.utf8.count <= longest }.map { ($0, distance(bytes, Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= 2, best.1 * 2 < best.0.utf8.count + 1
        else { return nil }
        return best.0
    }

    /// Levenshtein's distance: insertions, deletions and substitutions. O(|a|·|b|).
    package static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
