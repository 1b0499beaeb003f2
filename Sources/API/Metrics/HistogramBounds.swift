/// Upper bounds of histogram buckets, chosen by a metric's unit.
enum HistogramBounds {
    /// 0.5 ms … 60 s: from a ready reply to the default deadline.
    static let seconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// 1, 2, 4 … 1024: how many of something.
    static let counts = (0...10).map { Double(1 << $0) }

    static func bounds(for name: String) -> [Double] {
        name.hasSuffix("_seconds") ? seconds : counts
    }
}
