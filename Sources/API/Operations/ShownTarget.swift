/// A request's target as logs show it.
package enum ShownTarget {
    /// Bytes of a target that are looked at and shown.
    private static let longest = 200

    /// A target's beginning. What it carries under a name that is used for secrets is left out: this server takes no secrets
    /// there, which keeps nobody from sending one.
    ///
    /// Names are read percent-decoded, as those of the query, of parameters of the path (`;name=`), and of a query within a
    /// value (`next=%2Fx%3Fname%3D`). A value ends with the next `&`, in the path with the next `/`.
    package static func text(of target: String) -> String {
        var bytes = target.utf8[...]
        let isWhole = bytes.count <= longest
        if isWhole, !bytes.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "%") }) { return target }
        bytes = bytes.prefix(longest)
        var shown: [UInt8] = []
        var name = ParameterName(), isQuery = false
        var index = bytes.startIndex, copied = index
        while index < bytes.endIndex {
            let (byte, next) = decoded(bytes, at: index)
            let raw = bytes[index]
            if raw == UInt8(ascii: "?") { isQuery = true }
            index = next
            guard byte != UInt8(ascii: "=") else {
                let isSecret = name.isSecret
                name = ParameterName()
                guard isSecret else { continue }
                let end = bytes[index...].firstIndex { byte in
                    isQuery ? byte == UInt8(ascii: "&") : byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
                }
                shown += bytes[copied..<index]
                shown += "…".utf8
                index = end ?? bytes.endIndex
                copied = index
                continue
            }
            if separators.contains(byte) { name = ParameterName() } else { name.append(byte) }
        }
        if copied == bytes.startIndex, isWhole { return target }
        return String(decoding: shown + bytes[copied...], as: UTF8.self)
    }

    /// What a name may follow, in whatever encoding.
    private static let separators = Array("/;?&#".utf8)

    /// A byte, percent-decoded where it is encoded, and where the next one begins.
    private static func decoded(_ bytes: Substring.UTF8View, at index: String.Index) -> (UInt8, String.Index) {
        let next = bytes.index(after: index)
        guard bytes[index] == UInt8(ascii: "%"), next < bytes.endIndex, let high = digit(bytes[next]) else {
            return (bytes[index], next)
        }
        let second = bytes.index(after: next)
        guard second < bytes.endIndex, let low = digit(bytes[second]) else { return (bytes[index], next) }
        return (high << 4 | low, bytes.index(after: second))
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// A parameter's name while it is read: its words, in lower case.
private struct ParameterName {
    /// Its letters, one word after the other.
    private var letters: [UInt8] = []
    private var wordStart = 0
    private var wasLowercase = false
    private var hasSecretWord = false

    /// Enough of any of these in a name says what it is for: `access_token`, `X-Amz-Signature`, `apiKey`.
    private static let parts = [
        "token", "secret", "password", "passwd", "passphrase", "apikey", "signature", "jwt", "credential",
        "authorization",
    ].map { Array($0.utf8) }
    /// These are parts of other words, such as sigma and monkey, and count as words of their own: `x-sig`, `sessionKey`.
    private static let words = ["auth", "bearer", "key", "pass", "pwd", "sig"].map { Array($0.utf8) }

    mutating func append(_ byte: UInt8) {
        let isLowercase = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        let isUppercase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        if isLowercase || isUppercase {
            if isUppercase && wasLowercase { endWord() }
            letters.append(byte | 0x20)
        } else {
            endWord()
        }
        wasLowercase = isLowercase
    }

    private mutating func endWord() {
        hasSecretWord = hasSecretWord || Self.words.contains { letters[wordStart...].elementsEqual($0) }
        wordStart = letters.count
    }

    var isSecret: Bool {
        hasSecretWord || Self.words.contains { letters[wordStart...].elementsEqual($0) }
            || Self.parts.contains { part in
                letters.indices.contains { letters[$0...].starts(with: part) }
            }
    }
}
