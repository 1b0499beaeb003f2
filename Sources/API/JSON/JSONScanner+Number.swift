#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension JSONScanner {
    /// The powers of ten that a Double holds exactly.
    private static let exactPowers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// 5⁰…5²⁷: those that 64 bits hold.
    private static let powersOfFive: [UInt64] = (0...27).map { k in (0..<k).reduce(1) { power, _ in 5 * power } }

    /// Beyond any exponent that the digits of a text could make up for, and far from overflow.
    private static let exponentBound = 1 << 50

    /// A number, rounded correctly; ±∞ where it is too large for a Double. Up to 2⁵³ and 22 places, digits and power of ten
    /// are exact in a Double, so that one division or product rounds once (W. Clinger, "How to read
    /// floating point numbers accurately", PLDI 1990). Up to 19 digits and 27 places, which is how
    /// most programs write a double, a division of integers does; the rest goes to strtod.
    mutating func number() throws(JSONFault) -> Double {
        let start = position
        var digits: UInt64 = 0, count = 0, exponent = 0
        let isNegative = take(UInt8(ascii: "-"))
        guard let first = peek, isDigit(first) else { throw JSONFault("a digit is expected") }
        if first == UInt8(ascii: "0") {
            position += 1
            if let next = peek, isDigit(next) { throw JSONFault("a number has no leading zeros") }
        } else {
            takeDigits(&digits, &count)
        }
        if take(UInt8(ascii: ".")) {
            guard let next = peek, isDigit(next) else { throw JSONFault("a digit is expected") }
            let before = position
            takeDigits(&digits, &count)
            exponent = before - position
        }
        if let mark = peek, mark | 0x20 == UInt8(ascii: "e") {
            position += 1
            let isNegativeExponent = take(UInt8(ascii: "-"))
            if !isNegativeExponent { _ = take(UInt8(ascii: "+")) }
            guard let next = peek, isDigit(next) else { throw JSONFault("a digit is expected") }
            var value = 0
            while let byte = peek, isDigit(byte) {
                value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), Self.exponentBound)
                position += 1
            }
            exponent += isNegativeExponent ? -value : value
        }
        if count <= 19 && (-27...0).contains(exponent) {
            let value = Self.quotient(digits, places: -exponent)
            return isNegative ? -value : value
        }
        if count <= 18 && digits <= 1 << 53 && (1...22).contains(exponent) {
            let value = Double(digits) * Self.exactPowers[exponent]
            return isNegative ? -value : value
        }
        // strtod wants a terminator, which the text does not have.
        return strtod(String(decoding: bytes[start..<position], as: UTF8.self), nil)
    }

    /// digits / 10ᵏ, rounded once, k ≤ 27. Up to 2⁵³ and k = 22 both are Doubles. Else d / g with both
    /// scaled to 2⁶³ ≤ d, g < 2⁶⁴ has 63 bits or more before the point, and of what follows it only
    /// whether that is 0 can matter to a Double's 53.
    @inline(__always)
    private static func quotient(_ digits: UInt64, places k: Int) -> Double {
        if digits <= 1 << 53 && k <= 22 { return Double(digits) / exactPowers[k] }
        if digits == 0 { return 0 }
        let divisor = powersOfFive[k]
        let shift = divisor.leadingZeroBitCount - digits.leadingZeroBitCount
        let d = digits << digits.leadingZeroBitCount, g = divisor << divisor.leadingZeroBitCount
        let (quotient, remainder) = g.dividingFullWidth((d >> 1, d << 63))
        let scale = Double(bitPattern: UInt64(1023 + shift - 63 - k) << 52)
        return Double(quotient | (remainder == 0 ? 0 : 1)) * scale
    }

    /// Leading zeros count as no digit, so that 0.00…01 stays on the fast way. Past 19 digits the sum
    /// means nothing, and `count` says so.
    @inline(__always)
    private mutating func takeDigits(_ digits: inout UInt64, _ count: inout Int) {
        while let byte = peek, isDigit(byte) {
            let digit = UInt64(byte &- UInt8(ascii: "0"))
            digits = digits &* 10 &+ digit
            if count > 0 || digit != 0 { count += 1 }
            position += 1
        }
    }
}
