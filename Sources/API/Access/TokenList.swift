/// A list of bearer tokens as a file or a variable spells it.
public enum TokenList {
    /// A list that cannot be used, in one line that holds none of it.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// More would make each comparison slow.
    private static let most = 1000

    /// One token a line; empty lines, and what follows a `#`, are ignored.
    ///
    /// - Parameter name: what errors call the file
    /// - Throws: `Failure` for a line that is no token, too many of them, or none.
    public static func tokens(inFile bytes: [UInt8], name: String) throws(Failure) -> [String] {
        var tokens: [String] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let text = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
            if !text.isEmpty { tokens.append(try token(text, "\(name):\(index + 1)")) }
        }
        return try checked(tokens, name)
    }

    /// Tokens separated by commas.
    ///
    /// - Parameter name: what errors call the list
    /// - Throws: `Failure` as for a file.
    public static func tokens(inList text: String, name: String) throws(Failure) -> [String] {
        var tokens: [String] = []
        for (index, part) in Array(text.utf8).split(separator: UInt8(ascii: ",")).enumerated() {
            let text = trimmed(part)
            if !text.isEmpty { tokens.append(try token(text, "\(name): number \(index + 1)")) }
        }
        return try checked(tokens, name)
    }

    private static func checked(_ tokens: [String], _ name: String) throws(Failure) -> [String] {
        guard !tokens.isEmpty else { throw Failure(description: "\(name): has no token") }
        guard tokens.count <= most else { throw Failure(description: "\(name): has more than \(most) tokens") }
        return tokens
    }

    /// RFC 6750 section 2.1, b64token. Short ones can be guessed: 16 characters are 96 bits at most.
    private static func token(_ text: ArraySlice<UInt8>, _ place: String) throws(Failure) -> String {
        let body = text.prefix { $0 != UInt8(ascii: "=") }
        let isToken =
            !body.isEmpty && body.allSatisfy(isTokenByte)
            && text.dropFirst(body.count).allSatisfy { $0 == UInt8(ascii: "=") }
        guard isToken else {
            throw Failure(
                description:
                    "\(place): not a token: a token consists of letters, digits and -._~+/, with = at the end only")
        }
        guard (16...1024).contains(text.count) else {
            throw Failure(
                description: "\(place): a token has 16 to 1024 characters; openssl rand -hex 32 makes a good one")
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "-._~+/".utf8.contains(byte)
        }
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
}
