/// The two 16-bit formats, by their bits: IEEE 754 binary16 and bfloat16 (the upper half of binary32).
///
/// In integer arithmetic and without branches on the data, so that the compiler turns loops over
/// them into vector code on any CPU, with or without conversion instructions of its own.
extension Float {
    /// The value of an IEEE binary16 number. Every one is a Float; NaNs keep their payload.
    @inline(__always)
    package init(binary16 bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7fff) << 13
        // Rebias the exponent by 2^112. For subnormal numbers (exponent 0) the multiplication is what
        // normalizes them; the greatest exponent means infinity or NaN and moves on to Float's.
        let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
        let special = magnitude | 0x7f80_0000
        self.init(bitPattern: sign | (magnitude >= 0x0f80_0000 ? special : scaled))
    }

    /// The value of a bfloat16 number. Every one is a Float.
    @inline(__always)
    package init(bfloat16 bits: UInt16) {
        self.init(bitPattern: UInt32(bits) << 16)
    }

    /// The nearest IEEE binary16 number, ties to the even one; from 65520 on it is infinity.
    @inline(__always)
    package var binary16: UInt16 {
        let sign = UInt16(truncatingIfNeeded: (bitPattern >> 16) & 0x8000)
        let magnitude = bitPattern & 0x7fff_ffff
        // Normal numbers: rebias, then round at bit 13; a carry rightly runs on into the exponent.
        let normal = (magnitude &- 0x3800_0000 &+ 0x0fff &+ ((magnitude >> 13) & 1)) >> 13
        // Below 2^-14: beside 0.5 the last place of a Float is 2^-24, as in subnormal binary16, so
        // the addition itself rounds.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3f00_0000
        let special: UInt32 = magnitude > 0x7f80_0000 ? 0x7e00 | (magnitude >> 13 & 0x1ff) : 0x7c00
        let rounded = magnitude < 0x3880_0000 ? subnormal : normal
        return sign | UInt16(truncatingIfNeeded: magnitude >= 0x4780_0000 ? special : rounded)
    }
}
