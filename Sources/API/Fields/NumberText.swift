/// Numbers as people write them in a URL.
public enum NumberText {
    /// A decimal number, or one divided by another; nil for anything else, infinities included.
    public static func double(_ text: String) -> Double? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap(decimal) else { return nil }
        guard parts.count == 2 else { return first }
        guard let second = decimal(parts[1]), second != 0 else { return nil }
        let value = first / second
        return value.isFinite ? value : nil
    }

    private static func decimal(_ text: Substring) -> Double? {
        // Double(_:) would also take “nan”, “inf” and hexadecimal digits.
        let allowed = text.utf8.allSatisfy {
            isDigit($0) || "+-.eE".utf8.contains($0)
        }
        guard allowed, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// How numbers are written in sentences and URLs.
enum JSONText {
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }
}
