import Compute
import HTTPTypes

extension HTTPField.Name {
    static let serverTiming = Self("Server-Timing")!
    static let trailer = Self("Trailer")!
    static let retryAfter = Self("Retry-After")!
}

extension HTTPFields {
    mutating func setServerTiming(_ timing: Timing) {
        self[.serverTiming] =
            "queue;dur=\(Self.milliseconds(timing.queue)), compute;dur=\(Self.milliseconds(timing.compute))"
    }

    /// With three decimals.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = (attoseconds / 500_000_000_000 + 1) / 2
        let (milliseconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1000)
        let fraction = String(rest)
        return "\(seconds &* 1000 &+ milliseconds)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
