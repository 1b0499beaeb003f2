import API
import Testing

@Suite struct JSONFieldsTests {
    private func text(_ json: JSON) -> String { String(decoding: JSONWriter.write(json, .line).dropLast(), as: UTF8.self) }

    @Test func settingAFieldReplacesAppendsOrRemovesIt() throws {
        let object = try JSONReader.read(Array(#"{"a":1,"b":2}"#.utf8))
        #expect(text(object.setting("a", to: .string("x"))) == #"{"a":"x","b":2}"#)
        #expect(text(object.setting("c", to: .null)) == #"{"a":1,"b":2,"c":null}"#)
        #expect(text(object.setting("a", to: nil)) == #"{"b":2}"#)
        #expect(text(object.setting("c", to: nil)) == #"{"a":1,"b":2}"#)
    }

    @Test(arguments: [
        ("300", "300"), ("-1", "-1"), ("1e3", "1000"), ("0.5", "0.5"), ("auto", "\"auto\""), ("", "\"\""),
        ("[1]", "\"[1]\""), ("null", "\"null\""), ("0x10", "\"0x10\""), ("1 2", "\"1 2\""),
    ])
    func aFlagIsANumberWhereItReadsAsOne(flag: String, json: String) {
        #expect(text(JSON(flag: flag)) == json)
    }
}
