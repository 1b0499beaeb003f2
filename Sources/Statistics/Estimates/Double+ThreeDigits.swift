extension Double {
    /// Three significant digits, for sentences: `0.468`, `3.66`, `2.44e-07`. Rounded from the shortest decimal text, so that it is the
    /// same on every machine.
    package var threeDigits: String {
        guard isFinite, self != 0 else { return "\(self)" }
        let parts = "\(magnitude)".split(separator: "e", omittingEmptySubsequences: false)
        let sides = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + sides[0].count
        var digits = sides.joined().utf8.map { Int($0) - 48 }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        exponent -= zeros
        var units = digits.prefix(3).reduce(0) { $0 * 10 + $1 }
        if digits.count > 3, digits[3] >= 5 { units += 1 }
        let rounded = Double("\(units)e\(exponent - Swift.min(digits.count, 3))") ?? magnitude
        let text = "\(rounded)"
        return (self < 0 ? "-" : "") + (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// As a percentage with three significant digits: `46.8 %`.
    package var percentage: String { "\((self * 100).threeDigits) %" }
}
