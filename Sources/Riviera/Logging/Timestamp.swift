import Glibc

/// A moment in UTC to the millisecond, as RFC 3339 writes it.
package struct Timestamp: CustomStringConvertible {
    package let description: String

    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// - Parameter seconds: since 1970-01-01T00:00:00Z
    package init(seconds: Int, milliseconds: Int) {
        var seconds = time_t(seconds), parts = tm()
        gmtime_r(&seconds, &parts)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        // A line of the log has one, so every request does: formatted strings would take several microseconds.
        func append(_ value: Int32, _ width: Int, _ end: Unicode.Scalar) {
            let digits = String(value).utf8
            text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.count)))
            text.append(contentsOf: digits)
            text.append(UInt8(ascii: end))
        }
        append(parts.tm_year + 1900, 4, "-")
        append(parts.tm_mon + 1, 2, "-")
        append(parts.tm_mday, 2, "T")
        append(parts.tm_hour, 2, ":")
        append(parts.tm_min, 2, ":")
        append(parts.tm_sec, 2, ".")
        append(Int32(clamping: milliseconds), 3, "Z")
        description = String(decoding: text, as: UTF8.self)
    }
}
