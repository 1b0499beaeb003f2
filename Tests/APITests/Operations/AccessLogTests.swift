import API
import Testing

@Suite struct AccessLogTests {
    @Test(arguments: [
        ("/ruin?n=3&k=4", "/ruin?n=3&k=4"), ("/ruin", "/ruin"), ("/ruin?", "/ruin?"), ("?", "?"), ("", ""),
        ("/ruin?token=abc&n=3", "/ruin?token=…&n=3"), ("/ruin?n=3&Access_Token=abc=d", "/ruin?n=3&Access_Token=…"),
        ("/ruin?tokens=3&token", "/ruin?tokens=3&token"), ("/ruin?&&password=&x", "/ruin?&&password=…&x"),
    ])
    func whatLooksLikeASecretIsLeftOut(_ target: String, _ shown: String) {
        #expect(AccessLog.shown(target) == shown)
    }

    @Test func longTargetsAreCut() {
        #expect(AccessLog.shown("/" + String(repeating: "a", count: 10_000)).utf8.count == 200)
    }
}
