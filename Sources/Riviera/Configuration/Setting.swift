import Configuration
import HTTP

/// One key of the configuration: its names, its allowed values, its default.
package struct Setting: Sendable {
    /// What a value may be.
    package enum Kind: Sendable {
        /// Any text, also an empty one.
        case text
        /// Of a file; not empty.
        case path
        /// Texts, separated by commas where they are spelled in one; a flag may be repeated. None of them is empty.
        case texts
        case choice([String])
        /// `*`, or web origins separated by commas.
        case origins
        /// The permissions of a file in octal digits, as chmod takes them.
        case mode
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
    }

    /// As the file and the documentation call it: `http.max_body_bytes`.
    package let key: String
    package let kind: Kind
    /// As a file or a flag would spell it; nil where the setting may be left without a value, which `help` explains.
    package let standard: String?
    package let help: String
    /// A short name for the flag, beside the one that is made from the key.
    package let shortFlag: String?

    package init(
        _ key: String, _ kind: Kind, standard: String?, flag: String? = nil, _ help: String
    ) {
        self.key = key
        self.kind = kind
        self.standard = standard
        self.shortFlag = flag
        self.help = help
    }

    /// `http-max-body-bytes`
    package var longFlag: String { String(key.map { $0 == "." || $0 == "_" ? "-" : $0 }) }
    /// The flag that help and errors name.
    package var flag: String { shortFlag ?? longFlag }
    /// `RIVIERA_HTTP_MAX_BODY_BYTES`
    package var environmentName: String {
        "RIVIERA_" + String(key.map { $0 == "." ? "_" : $0 }).uppercased()
    }
    /// `http`
    package var section: Substring { key.prefix { $0 != "." } }

    /// The value that a flag, a variable or a default spells; nil where it is not an allowed one.
    func content(of text: String) -> ConfigContent? {
        switch kind {
        case .text: return .string(text)
        case .path: return text.isEmpty ? nil : .string(text)
        case .texts: return content(of: text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        case .choice(let choices): return choices.contains(text) ? .string(text) : nil
        case .origins: return CrossOriginPolicy(text) != nil ? .string(text) : nil
        case .mode:
            guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
                let value = Int(text, radix: 8), value <= 0o777
            else { return nil }
            return .int(value)
        case .integer(let range):
            // 1e15 is an integer, too.
            guard let value = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else { return nil }
            return range.contains(value) ? .int(value) : nil
        case .number(let range):
            guard let value = Double(text), range.contains(value) else { return nil }
            return .double(value)
        }
    }

    /// The value that a list spells; nil where it is not an allowed one.
    func content(of texts: [String]) -> ConfigContent? {
        texts.isEmpty || texts.contains("") ? nil : .stringArray(texts)
    }

    /// `an integer from 0 to 65535`
    package var allowed: String {
        switch kind {
        case .text: "a text"
        case .path: "a path"
        case .texts: "a text, or a list of texts, none of them empty"
        case .choice(let choices): choices.joined(separator: " or ")
        case .origins: "* or a list of origins such as https://example.org, without a path, separated by commas"
        case .mode: "a mode in octal digits from 000 to 777, such as 0660"
        case .integer(let range) where range.upperBound == .max: "an integer from \(range.lowerBound) on"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(short(range.lowerBound)) to \(short(range.upperBound))"
        }
    }

    /// Why a text is not allowed, where ``allowed`` does not say it.
    func explanation(of text: String) -> String {
        guard case .origins = kind, text.utf8.split(separator: UInt8(ascii: ",")).contains(where: Self.isNull) else {
            return ""
        }
        return
            "; null is what every sandboxed frame sends, of whichever site: it would let all pages read the replies, as * does"
    }

    private static func isNull(_ item: Substring.UTF8View) -> Bool {
        String(Substring(item)).filter { $0 != " " && $0 != "\t" }.lowercased() == "null"
    }

    private func short(_ value: Double) -> String {
        Int(exactly: value).map { String($0) } ?? String(value)
    }
}
