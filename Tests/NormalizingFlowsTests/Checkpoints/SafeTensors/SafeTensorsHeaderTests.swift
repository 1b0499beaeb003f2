import Fixtures
import NormalizingFlows
import Testing

/// The grammar of the header.
@Suite struct SafeTensorsHeaderTests {
    private static let entry = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

    @Test func spacesAndEscapesAreRead() throws {
        let header = "{ \"__metadata__\" : { \"a\\u00e9\\ud83d\\ude00\\n\" : \"\\\"\\\\\\/\\b\\f\\r\\t\" } ,\n\t\"é\"\r: {\"shape\":[ 1 ] , \"data_offsets\" :[0, 4],\"dtype\":\"F32\"} }  "
        let checkpoint = try open(safeTensors(header, buffer: 4))
        #expect(checkpoint.metadata == ["aé😀\n": "\"\\/\u{8}\u{c}\r\t"])
        #expect(checkpoint["é"]?.shape == [1])
    }

    @Test func repeatedKeysAreRefusedAnywhere() {
        for (header, key) in [
            (#"{"a":\#(Self.entry),"a":\#(Self.entry)}"#, "a"),
            (#"{"a":\#(Self.entry),"\u0061":\#(Self.entry)}"#, "a"),
            (#"{"__metadata__":{},"__metadata__":{}}"#, "__metadata__"),
            (#"{"__metadata__":{"k":"1","k":"1"}}"#, "k"),
            (#"{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, "dtype"),
        ] {
            #expect(refusal(safeTensors(header, buffer: 4))?.hasSuffix("the key \"\(key)\" is repeated") == true, "\(header)")
        }
    }

    @Test func theFieldsOfATensorAreThoseOfTheFormat() {
        #expect(refusal(safeTensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"stride":[1]}}"#, buffer: 4))?.hasSuffix("has the unknown field \"stride\"") == true)
        for entry in [#"{"shape":[1],"data_offsets":[0,4]}"#, #"{"dtype":"F32","data_offsets":[0,4]}"#, #"{"dtype":"F32","shape":[1]}"#,
                      #"{"dtype":"F32","shape":[1],"data_offsets":[0]}"#, #"{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}"#, "{}"] {
            #expect(refusal(safeTensors(#"{"a":\#(entry)}"#, buffer: 4))?.hasSuffix("lacks a dtype, a shape or two data_offsets") == true, "\(entry)")
        }
    }

    @Test(arguments: [
        "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":{", "{} x", "{}{}", "{,}", "{\"a\":1}", "{\"a\":null}", "{\"a\":[]}",
        "{\"__metadata__\":{\"k\":1}}", "{\"__metadata__\":{\"k\":null}}", "{\"__metadata__\":[]}", "{\"__metadata__\":{\"k\":\"v\",}}",
        "{\"\\ud800\":{}}", "{\"\\udc00\":{}}", "{\"\\ud800\\u0041\":{}}", "{\"\\x\":{}}", "{\"\\u00g0\":{}}", "{\"\u{1}\":{}}",
    ])
    func brokenJSONIsRefused(header: String) {
        #expect(refusal(safeTensors(header))?.hasPrefix("safetensors header, byte ") == true)
    }

    @Test(arguments: ["-1", "1.0", "1e2", "01", "+1", "\"1\"", "9223372036854775808", "99999999999999999999999", "", "[1]", "true"])
    func sizesAreIntegers(size: String) {
        #expect(refusal(safeTensors(#"{"a":{"dtype":"F32","shape":[\#(size),1],"data_offsets":[0,4]}}"#, buffer: 4))?.hasPrefix("safetensors header, byte ") == true)
    }

    @Test func namesAreUTF8() {
        let bytes = Array("{\"".utf8) + [0xff] + Array("\":\(Self.entry)}".utf8)
        #expect(refusal(little(UInt64(bytes.count)) + bytes + [0, 0, 0, 0])?.hasSuffix("a string that is not UTF-8") == true)
    }

    /// The grammar has no recursion to exhaust.
    @Test func aMillionBracketsAreRefusedAtTheFirstThatDoesNotBelong() {
        #expect(refusal(safeTensors("{\"a\":{\"shape\":" + String(repeating: "[", count: 1_000_000) + "}"))?.hasPrefix("safetensors header, byte 15") == true)
        #expect(refusal(safeTensors(String(repeating: "{\"a\":", count: 200_000)))?.hasPrefix("safetensors header, byte") == true)
    }
}
