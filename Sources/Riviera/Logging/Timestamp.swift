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
        func digits(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let clock = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        description =
            zip(date, [4, 2, 2]).map(digits).joined(separator: "-") + "T"
            + clock.map { digits($0, 2) }.joined(separator: ":") + ".\(digits(milliseconds, 3))Z"
    }
}
