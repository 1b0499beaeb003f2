/// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011).
///
/// A block of four words is a pure function of (seed, stream, index), so draws can be
/// made in any order, on any number of threads and machines, and are the same.
public struct Philox: Sendable, Hashable {
    /// The request's seed, 0 … 2^53 − 1 over HTTP.
    public var seed: UInt64
    /// Keeps apart the draws of different purposes (or chains) under one seed.
    public var stream: UInt64

    public init(seed: UInt64, stream: UInt64 = 0) {
        self.seed = seed
        self.stream = stream
    }
}
