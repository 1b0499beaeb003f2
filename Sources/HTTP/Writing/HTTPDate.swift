#if canImport(Glibc)
import Glibc
#endif

/// The value of the Date field, made once a second (RFC 9110 section 5.6.7).
package struct HTTPDate {
    private var second: Int?
    private var cached: [UInt8] = []

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    mutating func bytes() -> [UInt8] {
        let now = time(nil)
        if now != second {
            second = now
            cached = HTTPDate.format(secondsSince1970: now)
        }
        return cached
    }

    package static func format(secondsSince1970 seconds: Int) -> [UInt8] {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(twoDigits(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
        let time = "\(twoDigits(parts.tm_hour)):\(twoDigits(parts.tm_min)):\(twoDigits(parts.tm_sec))"
        return Array("\(days[Int(parts.tm_wday)]), \(date) \(time) GMT".utf8)
    }

    private static func twoDigits(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
