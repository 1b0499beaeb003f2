import Glibc

extension Double {
    /// Three significant digits: `1234`, `12.3`, `0.0123`, `2.20e10`.
    package var threeDigits: String {
        guard isFinite else { return "–" }
        guard self != 0 else { return "0" }
        var exponent = Int(log10(magnitude).rounded(.down))
        if (magnitude / pow(10, Double(exponent)) * 100).rounded() >= 1000 { exponent += 1 }
        guard (-4..<6).contains(exponent) else {
            return (self / pow(10, Double(exponent))).fixed(2) + "e\(exponent)"
        }
        return fixed(max(0, 2 - exponent))
    }

    /// That many decimals.
    package func fixed(_ decimals: Int) -> String {
        let scaled = (magnitude * pow(10, Double(decimals))).rounded()
        guard let units = UInt64(exactly: scaled) else { return "\(self)" }
        let digits = "\(units)"
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = self < 0 && units > 0 ? "-" : ""
        return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}

/// The middle one; of an even number the upper one of the two. `values` must not be empty.
package func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
