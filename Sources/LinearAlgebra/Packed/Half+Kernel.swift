import CKernels

/// Conversions between binary32 and binary16 (to nearest, ties to even).
public enum Half {
    public static func convert(
        _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<UInt16>, count: Int
    ) {
        ck_half_from_float(instructionSet, source, target, count)
    }

    public static func convert(
        _ source: UnsafePointer<UInt16>, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        ck_float_from_half(instructionSet, source, target, count)
    }

    /// The place of the first binary16 that is not finite.
    public static func firstNotFinite(in halves: UnsafeBufferPointer<UInt16>) -> Int? {
        for first in stride(from: 0, to: halves.count, by: 4096) {
            let block = halves[first..<min(first + 4096, halves.count)]
            // Without a way out of the loop, which vector code would not have.
            var largest: Int16 = 0
            for half in block { largest = max(largest, Int16(half & 0x7fff)) }
            if largest >= 0x7c00 { return block.firstIndex { $0 & 0x7fff >= 0x7c00 } }
        }
        return nil
    }
}
