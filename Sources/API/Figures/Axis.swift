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

    /// The pixel of a value; NaN where it has none.
    package func callAsFunction(_ value: Double) -> Double {
        // Halves, because the difference of two finite values may exceed what a double holds.
        let share = (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
        return pixels.lower + share * (pixels.upper - pixels.lower)
    }

    /// Round numbers on the axis, and how to write them.
    package struct Ticks {
        package let values: [Double]
        /// Subtracted from each value before it is written, where all begin with the same digits.
        package let offset: Double
        /// The values are written in units of this power of ten.
        package let exponent: Int
        package let decimals: Int

        package func text(_ value: Double) -> String {
            decimal(Axis.scaled(value - offset, -exponent), decimals)
        }

        /// A label that says what the ticks leave out: `μ − 1e+16`, `μ / 1e+20`.
        func label(_ name: String) -> String {
            var text = name
            if offset != 0 { text += offset < 0 ? " + \(-offset)" : " − \(offset)" }
            if exponent != 0 { text = (offset == 0 ? text : "(\(text))") + " / 1e\(exponent)" }
            return text
        }
    }

    /// Multiples of 1, 2 or 5 times a power of ten, about `count` of them; none where the range is
    /// too narrow for a double to tell them apart.
    package func ticks(about count: Int = 7) -> Ticks {
        let span = range.upperBound - range.lowerBound
        let size = max(abs(range.lowerBound), abs(range.upperBound))
        guard span.isFinite, span >= 16 * size.ulp, span >= 1e-290 else {
            return Ticks(values: [], offset: 0, exponent: 0, decimals: 0)
        }
        var power = Self.decimalExponent(span / Double(count))
        let unit = Self.powerOfTen(power)
        var multiple = [1.0, 2, 5].first { span / ($0 * unit) <= Double(count) + 1 }
        if multiple == nil { power += 1 }
        multiple = multiple ?? 1
        let step = (multiple ?? 1) * Self.powerOfTen(power)
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step).rounded(.down)
        let values = stride(from: 0, through: min(last - first, 100), by: 1).map { (first + $0) * step }
        let offset = span < 1e-4 * size ? values.first ?? 0 : 0
        let largest = values.reduce(0) { max($0, abs($1 - offset)) }
        let magnitude = largest > 0 ? Self.decimalExponent(largest) : 0
        let exponent = (-5...5).contains(magnitude) ? 0 : magnitude
        return Ticks(
            values: values, offset: offset, exponent: exponent, decimals: max(0, exponent - power))
    }

    /// ⌊log₁₀ value⌋ of a positive number.
    private static func decimalExponent(_ value: Double) -> Int {
        var power = 0
        while power < 308 && powerOfTen(power + 1) <= value { power += 1 }
        while power > -308 && powerOfTen(power) > value { power -= 1 }
        return power
    }

    static func powerOfTen(_ exponent: Int) -> Double {
        let magnitude = (0..<min(exponent.magnitude, 308)).reduce(1.0) { power, _ in power * 10 }
        return exponent < 0 ? 1 / magnitude : magnitude
    }

    /// value · 10^exponent.
    private static func scaled(_ value: Double, _ exponent: Int) -> Double {
        exponent < 0 ? value / powerOfTen(-exponent) : value * powerOfTen(exponent)
    }
}

/// A number with so many decimals, as a person would write it.
package func decimal(_ value: Double, _ decimals: Int) -> String {
    let scaled = (abs(value) * Axis.powerOfTen(decimals)).rounded()
    guard scaled < 1e15 else { return "\(value)" } // NaN, too
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return decimals == 0 ? sign + whole : "\(sign)\(whole).\(padded.suffix(decimals))"
}

/// The smallest range that holds the values, with a margin; never narrower than `least`, nor than
/// a double needs to tell the pixels apart. Values of more than 10³⁰⁰ lie outside.
package func framing(_ values: [Double], least: Double, margin: Double = 0.15) -> ClosedRange<Double> {
    let bounded = values.filter { !$0.isNaN }.map { min(max($0, -1e300), 1e300) }
    let low = bounded.min() ?? 0, high = bounded.max() ?? 0
    let middle = low / 2 + high / 2
    let span = max(high - low, least, 1e-9 * max(abs(low), abs(high)))
    return middle - span * (0.5 + margin)...middle + span * (0.5 + margin)
}
