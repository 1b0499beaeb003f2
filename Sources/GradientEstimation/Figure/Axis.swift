/// One axis of a figure: an interval of values, laid on an interval of pixels.
package struct Axis {
    package let range: ClosedRange<Double>
    /// Where the lower and the upper end are drawn.
    let pixels: (lower: Double, upper: Double)
    let label: String

    package init(range: ClosedRange<Double>, pixels: (lower: Double, upper: Double), label: String) {
        self.range = range
        self.pixels = pixels
        self.label = label
    }

    package func callAsFunction(_ value: Double) -> Double {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return pixels.lower + share * (pixels.upper - pixels.lower)
    }

    /// Round numbers, about `count` of them: multiples of 1, 2 or 5 times a power of ten.
    package func ticks(about count: Int = 7) -> (values: [Double], decimals: Int) {
        let span = range.upperBound - range.lowerBound
        var power = 0
        while Self.powerOfTen(power + 1) <= span / Double(count) { power += 1 }
        while Self.powerOfTen(power) > span / Double(count) { power -= 1 }
        let unit = Self.powerOfTen(power)
        let multiple = [1, 2, 5, 10].first { span / ($0 * unit) <= Double(count) + 1 }!
        let step = multiple * unit
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step).rounded(.down)
        let values = stride(from: first, through: last, by: 1).map { $0 * step }
        return (values, max(0, multiple == 10 ? -power - 1 : -power))
    }

    static func powerOfTen(_ exponent: Int) -> Double {
        let magnitude = (0..<exponent.magnitude).reduce(1.0) { power, _ in power * 10 }
        return exponent < 0 ? 1 / magnitude : magnitude
    }
}

/// A number with so many decimals, as a person would write it.
package func decimal(_ value: Double, _ decimals: Int) -> String {
    let scaled = (abs(value) * Axis.powerOfTen(decimals)).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return decimals == 0 ? sign + whole : "\(sign)\(whole).\(padded.suffix(decimals))"
}
