import API
import Testing

@Suite struct TokenListTests {
    private let long = String(repeating: "a", count: 16)

    @Test func aFileHasOneTokenALine() throws {
        let text = "# for the lab\n\(long)\r\n\n  b\(long)==  # a second one\n\t# none\nc._~+/-\(long)"
        #expect(
            try TokenList.tokens(inFile: Array(text.utf8), name: "f") == [long, "b\(long)==", "c._~+/-\(long)"])
    }

    @Test func aListIsSeparatedByCommas() throws {
        #expect(try TokenList.tokens(inList: "\(long), b\(long),", name: "V") == [long, "b\(long)"])
    }

    @Test(arguments: [
        ("", "f: has no token"), ("# nothing\n\n", "f: has no token"), ("short-and-secret", nil), ("hidden", "f:1"),
        ("\naaaaaaaaaaaaaaaa secret", "f:2"), ("aaaa=aaaaaaaaaaaaaaa", "f:1"), ("================", "f:1"),
        ("töken-that-is-secret", "f:1"), ("\0\u{1}\u{2}aaaaaaaaaaaaaaaaaaaaa", "f:1"),
        (String(repeating: "x", count: 1025), "f:1"),
        (String(repeating: "aaaaaaaaaaaaaaaa\n", count: 1001), "more than 1000"),
    ])
    func whatIsNoTokenIsNamedByItsPlaceAndNotShown(_ text: String, _ place: String?) {
        guard let place else {
            #expect(throws: Never.self) { try TokenList.tokens(inFile: Array(text.utf8), name: "f") }
            return
        }
        let failure = #expect(throws: TokenList.Failure.self) {
            try TokenList.tokens(inFile: Array(text.utf8), name: "f")
        }
        let description = failure?.description ?? ""
        #expect(description.contains(place))
        for secret in ["hidden", "secret", "töken"] { #expect(!description.contains(secret)) }
    }
}
