/// The place of a request in a trace, from its `traceparent` field (W3C Trace Context, section 3.2).
package struct TraceContext: Equatable {
    /// 32 hexadecimal digits.
    package let traceID: String
    /// The caller's span: 16 hexadecimal digits.
    package let spanID: String

    /// nil for a field that is not one: it is to be ignored.
    package init?(_ field: String) {
        let bytes = Array(field.utf8), dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        let version = bytes[0..<2], trace = bytes[3..<35], span = bytes[36..<52], flags = bytes[53..<55]
        guard [version, trace, span, flags].allSatisfy({ $0.allSatisfy(Self.isDigit) }) else { return nil }
        // Later versions may append to what version 0 has.
        guard !version.elementsEqual("ff".utf8),
            bytes.count == 55 || bytes[55] == dash && !version.elementsEqual("00".utf8)
        else { return nil }
        let isZero = { (byte: UInt8) in byte == UInt8(ascii: "0") }
        guard !trace.allSatisfy(isZero), !span.allSatisfy(isZero) else { return nil }
        traceID = String(decoding: trace, as: UTF8.self)
        spanID = String(decoding: span, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
