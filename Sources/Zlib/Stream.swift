import CZlib

extension UnsafeMutablePointer<z_stream> {
    /// zlib counts in 32 bits: what is longer is taken in portions.
    private static var most: Int { 1 << 30 }

    /// Points the stream at its input and output, or at as much of them as it can count.
    ///
    /// - Returns: whether that is all of the input.
    @discardableResult
    func prepare(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Bool {
        // zlib only reads from it; its interface is older than `const`.
        pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        pointee.avail_in = UInt32(Swift.min(input.count, Self.most))
        pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        pointee.avail_out = UInt32(Swift.min(output.count, Self.most))
        return input.count <= Self.most
    }

    /// How much of them was used since.
    func counts(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int) {
        (
            Swift.min(input.count, Self.most) - Int(pointee.avail_in),
            Swift.min(output.count, Self.most) - Int(pointee.avail_out)
        )
    }
}
