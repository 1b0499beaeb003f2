// A permutation of 0 ..< count is written as an array: place i takes what stood at place self[i].

extension [Int] {
    /// Whether each of 0 ..< count stands here once.
    public var isPermutation: Bool {
        var seen = [Bool](repeating: false, count: count)
        for place in self {
            guard indices.contains(place), !seen[place] else { return false }
            seen[place] = true
        }
        return true
    }

    /// The permutation that undoes this one.
    public var inversePermutation: [Int] {
        precondition(isPermutation)
        var inverse = self
        for (i, place) in enumerated() { inverse[place] = i }
        return inverse
    }

    /// 1 for an even permutation, −1 for an odd one: a cycle of even length counts −1.
    public var permutationSign: Int {
        precondition(isPermutation)
        var seen = [Bool](repeating: false, count: count)
        var sign = 1
        for start in indices where !seen[start] {
            var place = self[start]
            while place != start {
                seen[place] = true
                place = self[place]
                sign = -sign
            }
        }
        return sign
    }
}
