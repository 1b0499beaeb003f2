import Synchronization

/// An atomic number with cache lines of its own, so that writing what lies beside it does not slow
/// down the threads that read it.
public final class PaddedAtomic: Sendable {
    private typealias Lines = InlineArray<16, Int>
    private let before = Lines(repeating: 0)
    public let value = Atomic(0)
    private let after = Lines(repeating: 0)

    public init() {}
}
