import NormalizingFlows
import Testing

@Suite struct CheckpointErrorTests {
    @Test func namesTheFileThePlaceAndTheProblem() {
        #expect(
            CheckpointError(file: "a.pt", place: "tensor \"w\"", reason: "is missing").description
                == "a.pt: tensor \"w\": is missing")
        #expect(CheckpointError(file: "a.pt", reason: "is empty").description == "a.pt: is empty")
    }

    /// Line breaks, terminal escapes and characters that turn the direction of writing.
    @Test func whatTheFileSaysStaysOnOneLine() {
        #expect(quoted("a\nb") == "\"a\\u{a}b\"")
        #expect(quoted("\u{1b}[2J") == "\"\\u{1b}[2J\"")
        #expect(quoted("\u{202e}x\u{2028}") == "\"\\u{202e}x\\u{2028}\"")
        #expect(quoted("été") == "\"été\"")
        #expect(!CheckpointError(file: "a\nb", reason: "").description.contains("\n"))
    }

    @Test func whatTheFileSaysIsCutOff() {
        #expect(quoted(String(repeating: "x", count: 80)).count == 82)
        #expect(quoted(String(repeating: "x", count: 1_000_000)) == "\"" + String(repeating: "x", count: 80) + "…\"")
    }

    /// A name of control characters, each of which takes six to be shown.
    @Test(arguments: ["\u{1a}", "\u{e000}", "\u{f0000}", "é", "a\u{1a}"])
    func escapesCountByTheirLength(piece: String) {
        let text = quoted(String(repeating: piece, count: 1000))
        #expect(text.unicodeScalars.count <= 83 && text.unicodeScalars.count > 70)
        #expect(text.hasSuffix("…\""))
        // No escape is cut.
        #expect(text.count { $0 == "\\" } == text.count { $0 == "}" })
    }
}
