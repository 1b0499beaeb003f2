import API
import Testing

@Suite struct TokenListTests {
    private let long = String(repeating: "a", count: 16)

    @Test func aFileHasOneTokenALine() throws {
        let text = "# for the lab\n\(long)\r\n\n  b\(long)==  # a second one\n\t# none\nc._~+/-\(long)"
        #expect(
            try TokenList(inFile: Array(text.utf8), name: "f").checked() == [long, "b\(long)==", "c._~+/-\(long)"])
    }

    @Test func aListIsSeparatedByCommas() throws {
        #expect(try TokenList(inList: "\(long), b\(long),", name: "V").checked() == [long, "b\(long)"])
    }

    @Test(arguments: [
        ("", "f: has no token"), ("# nothing\n\n", "f: has no token"), ("short-and-secret", nil), ("hidden", "f:1"),
        ("\naaaaaaaaaaaaaaaa secret", "f:2"), ("aaaa=aaaaaaaaaaaaaaa", "f:1"), ("================", "f:1"),
        ("töken-that-is-secret", "f:1"), ("\0\u{1}\u{2}aaaaaaaaaaaaaaaaaaaaa", "f:1"),
        (String(repeating: "x", count: 1025), "f:1"),
        (String(repeating: "aaaaaaaaaaaaaaaa\n", count: 1001), "more than 1000"),
    ])
    func whatIsNoTokenIsNamedByItsPlaceAndNotShown(_ text: String, _ place: String?) {
        let list = TokenList(inFile: Array(text.utf8), name: "f")
        guard let place else {
            #expect(throws: Never.self) { try list.checked() }
            return
        }
        let failure = #expect(throws: TokenList.Failure.self) { try list.checked() }
        let description = failure?.description ?? ""
        #expect(description.contains(place))
        for secret in ["hidden", "secret", "töken"] { #expect(!description.contains(secret)) }
    }

    /// What is wrong among the lines changes nothing of the others, and each is named.
    @Test func otherLinesAreNoWorseForABadOne() {
        let good = (0..<8).map { "\($0)\(long)" }, bad = ["no token at all", "short", "=\(long)", "ä\(long)"]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var lines: [String] = [], tokens: [String] = [], places: [String] = []
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                switch Int.random(in: 0...2, using: &generator) {
                case 0: lines.append("# \(long)")
                case 1:
                    lines.append(bad.randomElement(using: &generator) ?? "")
                    places.append("f:\(lines.count): ")
                default:
                    lines.append(good.randomElement(using: &generator) ?? "")
                    tokens.append(lines[lines.count - 1])
                }
            }
            let list = TokenList(inFile: Array(lines.joined(separator: "\n").utf8), name: "f")
            #expect(list.tokens == tokens)
            #expect(zip(list.failures, places).allSatisfy { $0.description.hasPrefix($1) })
            #expect(list.failures.count == min(places.count, 21))
        }
    }

    /// A file that is something else has as many lines as it likes.
    @Test func notEveryLineOfAnotherFileIsNamed() {
        let list = TokenList(inFile: Array(String(repeating: "no token\n", count: 100_000).utf8), name: "f")
        #expect(list.tokens.isEmpty && list.failures.count == 21)
        #expect(list.failures.last?.description.contains("99980 more") == true)
    }

    @Test func tooManyAreTheFirstThousand() {
        let text = (0..<1010).map { "\($0)\(long)\n" }.joined()
        let list = TokenList(inFile: Array(text.utf8), name: "f")
        #expect(list.tokens == (0..<1000).map { "\($0)\(long)" })
        #expect(list.failures.count == 1)
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61]] as [[UInt8]])
    func aFileInUTF16IsCalledThat(_ bytes: [UInt8]) {
        let list = TokenList(inFile: bytes, name: "f")
        #expect(list.tokens.isEmpty && list.failures.first?.description.contains("UTF-16") == true)
    }
}
