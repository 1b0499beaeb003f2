import HTTP
import Testing

@Suite struct CodedTagTests {
    private let tag = "\"abc\""

    @Test func theTagOfACodingIsAnotherOne() {
        #expect(CodedTag.gzip(tag) == "\"abc-gzip\"")
    }

    @Test(arguments: [
        ("\"abc\"", "\"abc\""), ("W/\"abc\"", "\"abc\""), ("\"x\", \"abc\"", "\"abc\""), ("*", "\"abc\""),
        ("\"abc-gzip\"", "\"abc-gzip\""), ("\"x\",W/\"abc-gzip\" ", "\"abc-gzip\""),
    ])
    func eitherIsFound(field: String, name: String) {
        #expect(CodedTag.named(in: field, of: tag) == name)
    }

    @Test(arguments: ["", "abc", "\"ab\"", "\"abc", "\"abcd\"", "\"abc-br\"", "w/\"abc\"", "\"*\"", "W/*"])
    func othersAreNot(field: String) {
        #expect(CodedTag.named(in: field, of: tag) == nil)
    }
}
