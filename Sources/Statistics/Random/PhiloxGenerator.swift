/// Philox as a sequence, for Swift's own sampling (`shuffle(using:)`, `Int.random(in:using:)`).
///
/// Number i is a function of (seed, stream, i), so a generator can be set down anywhere in
/// its sequence, and a copy continues as the original would.
public struct PhiloxGenerator: RandomNumberGenerator, Sendable {
    public let philox: Philox
    /// The index of the next number.
    public private(set) var position: UInt64
    private var block = SIMD4<UInt32>()

    public init(_ philox: Philox, at position: UInt64 = 0) {
        self.philox = philox
        self.position = position
        if !position.isMultiple(of: 2) { block = philox.block(at: position / 2) }
    }

    /// The two halves of a block in turn, each its earlier word in the lower 32 bits.
    public mutating func next() -> UInt64 {
        defer { position &+= 1 }
        guard position.isMultiple(of: 2) else { return UInt64(block.z) | UInt64(block.w) << 32 }
        block = philox.block(at: position / 2)
        return UInt64(block.x) | UInt64(block.y) << 32
    }
}
