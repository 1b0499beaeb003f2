/// Cuts a batch into blocks that fit the caches. Their sizes differ by at most one, so that no
/// estimator gets a block too small for it.
struct Blocks: Sendable {
    static let widest = 1024

    let count: Int
    let blockCount: Int

    init(_ count: Int, widest: Int = Blocks.widest) {
        self.count = count
        blockCount = (count + widest - 1) / widest
    }

    /// The widest that occurs.
    var width: Int { (count + blockCount - 1) / blockCount }

    subscript(index: Int) -> Range<Int> {
        count * index / blockCount..<count * (index + 1) / blockCount
    }
}
