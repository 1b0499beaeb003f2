extension SplitMix64 {
    /// Uniform on [−1, 1), with 24 bits of magnitude and sign.
    public mutating func singles(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int32(truncatingIfNeeded: next()) >> 7) * 0x1p-24 }
    }

    /// Uniform on [−1, 1), with 53 bits of magnitude and sign.
    public mutating func doubles(_ count: Int) -> [Double] {
        (0..<count).map { _ in Double(Int64(truncatingIfNeeded: next()) >> 10) * 0x1p-53 }
    }
}
