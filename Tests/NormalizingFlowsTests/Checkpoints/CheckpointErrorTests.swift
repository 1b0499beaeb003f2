import NormalizingFlows
import Testing

@Suite struct CheckpointErrorTests {
    @Test func namesTheFileThePlaceAndTheProblem() {
        #expect(CheckpointError(file: "a.pt", place: "tensor \"w\"", reason: "is missing").description == "a.pt: tensor \"w\": is missing")
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
}
