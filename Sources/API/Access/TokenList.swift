/// A list of bearer tokens as a file or a variable spells it.
public struct TokenList: Sendable {
    /// What is wrong with a list, in one line that holds none of it.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Those that can be used, in order.
    public private(set) var tokens: [String] = []
    /// What is wrong with the rest: the first ones, each with its place.
    public private(set) var failures: [Failure] = []
    private let name: String
    private var unnamed = 0

    /// More tokens would make each comparison slow.
    private static let most = 1000
    /// A file that is something else may have a million lines.
    private static let mostFailures = 20

    /// One token a line; empty lines, and what follows a `#`, are ignored.
    ///
    /// - Parameter name: what failures call the file
    public init(inFile bytes: [UInt8], name: String) {
        self.name = name
        guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
            failures = [Failure(description: "\(name):1: the file is in UTF-16: tokens are plain text, such as UTF-8")]
            return
        }
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            take(line.prefix { $0 != UInt8(ascii: "#") }) { "\(name):\(index + 1)" }
        }
        finish()
    }

    /// Tokens separated by commas.
    ///
    /// - Parameter name: what failures call the list
    public init(inList text: String, name: String) {
        self.name = name
        for (index, part) in Array(text.utf8).split(separator: UInt8(ascii: ",")).enumerated() {
            take(part) { "\(name): number \(index + 1)" }
        }
        finish()
    }

    /// The tokens of a list in which nothing is wrong.
    ///
    /// - Throws: the first `Failure`, or that there is no token.
    public func checked() throws(Failure) -> [String] {
        if let first = failures.first { throw first }
        guard !tokens.isEmpty else { throw Failure(description: "\(name): has no token") }
        return tokens
    }

    private mutating func take(_ text: ArraySlice<UInt8>, place: () -> String) {
        let text = Self.trimmed(text)
        guard !text.isEmpty else { return }
        if let problem = Self.problem(of: text) {
            if failures.count < Self.mostFailures {
                failures.append(Failure(description: "\(place()): \(problem)"))
            } else {
                unnamed += 1
            }
        } else {
            tokens.append(String(decoding: text, as: UTF8.self))
        }
    }

    private mutating func finish() {
        if unnamed > 0 { failures.append(Failure(description: "\(name): \(unnamed) more lines are no tokens")) }
        if tokens.count > Self.most {
            failures.append(
                Failure(
                    description:
                        "\(name): has more than \(Self.most) tokens: those after the first \(Self.most) count for nothing"
                ))
            tokens.removeLast(tokens.count - Self.most)
        }
    }

    private static func problem(of text: ArraySlice<UInt8>) -> String? {
        guard isToken(text) else {
            return "not a token: a token consists of letters, digits and -._~+/, with = at the end only"
        }
        guard (16...1024).contains(text.count) else {
            return "a token has 16 to 1024 characters; openssl rand -hex 32 makes a good one"
        }
        return nil
    }

    /// RFC 6750 section 2.1, b64token. Short ones can be guessed: 16 characters are 96 bits at most.
    static func isToken(_ text: some Collection<UInt8>) -> Bool {
        let body = text.prefix { $0 != UInt8(ascii: "=") }
        return !body.isEmpty && body.allSatisfy(isTokenByte)
            && text.dropFirst(body.count).allSatisfy { $0 == UInt8(ascii: "=") }
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
