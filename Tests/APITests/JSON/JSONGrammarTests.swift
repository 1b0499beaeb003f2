import API
import Testing

/// The corners of RFC 8259's grammar, production by production: what it admits is read as what it means, and what it does not is refused.
@Suite struct JSONGrammarTests {
    private func read(_ bytes: [UInt8]) throws -> JSON { try JSONReader.read(bytes) }
    private func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)) }

    // MARK: Section 2: white space is four characters, and any value may be a text

    @Test(arguments: ["null", " \t\r\n null\t\r\n ", "\nnull"])
    func fourCharactersAreWhiteSpace(text: String) throws {
        guard case .null = try read(text) else {
            Issue.record("not null")
            return
        }
    }

    @Test(arguments: [
        "\u{b}", "\u{c}", "\u{a0}", "\u{85}", "\u{2060}", "\u{2028}", "\u{3000}", "\u{0}", "\\n", "//", "/**/", "#",
    ])
    func nothingElseIs(space: String) {
        for text in ["\(space)1", "1\(space)", "[\(space)1]", "{\"a\"\(space):1}", "[1\(space),1]"] {
            #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
        }
    }

    // MARK: Section 3: three names, in lower case

    @Test(arguments: [
        "True", "TRUE", "tru", "truee", "t", "nil", "Null", "nullx", "undefined", "Infinity", "-Infinity", "NaN",
        "-NaN", "False", "fals",
    ])
    func otherNamesAreNone(name: String) {
        for text in [name, "[\(name)]", "{\"a\":\(name)}"] {
            #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
        }
    }

    // MARK: Sections 4 and 5: commas stand between, colons after names

    @Test(arguments: [
        "[]", "[ ]", "[[]]", "[[],{}]", "{}", "{ }", "{\"\":0}", "{\"\":{\"\":[]}}", "[\"\"]", "[1,null,1]",
    ])
    func emptyOnesAreValues(text: String) throws {
        _ = try read(text)
    }

    @Test(arguments: [
        "[,]", "[,1]", "[1,,2]", "[1,]", "[1,\n]", "[1", "[1,", "[[1]", "[1]]", "]", "[1}", "[}", "[1:2]", "[\"a\":1]",
        "[\"a\",\n1", "[1\n2]", "[(1)]",
        "[<null>]", "[*]", "[-]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\",1}", "{\"a\"::1}", "{\"a\" 1}", "{:1}", "{1:1}",
        "{null:1}", "{[]:1}", "{{}:1}",
        "{\"a\":1,}", "{\"a\":1,,\"b\":1}", "{\"a\":1 \"b\":1}", "{\"a\":1]", "{\"a\":1", "{\"a\":1,", "{\"a\":", "{\"",
        "{", "}", "{\"a\":1}}", "{\"a\":1}x",
        "[]{}", "[][]", "1,", ",1", ":", "{'a':1}", "{a:1}", "{\"a\"=1}", "\"a\":1",
    ])
    func brokenArraysAndObjectsAreRefused(text: String) {
        #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    // MARK: Section 6: numbers

    @Test(arguments: [
        ("0", 0), ("-0", -0.0), ("0.0", 0), ("-1", -1), ("10", 10), ("0e1", 0), ("0E+1", 0), ("1e-2", 0.01),
        ("1E22", 1e22), ("1.5e+3", 1500), ("-0.5", -0.5),
        ("123.456e78", 123.456e78), ("1e00", 1), ("1e-00002", 0.01), ("0.10", 0.1), ("1e-400", 0), ("-1e-400", -0.0),
    ])
    func numbersMeanWhatTheySay(text: String, value: Double) throws {
        #expect(try read(text).double?.bitPattern == value.bitPattern)
        #expect(try read("[\(text)]").elements?.first?.double?.bitPattern == value.bitPattern)
    }

    @Test(arguments: [
        "00", "01", "-01", "-00", "012", "00.5", "+1", "++1", "+-1", "--1", "- 1", "-", "-a", "-.5", ".5", ".", "1.",
        "-1.", "0.", "0.e1", "1.e1", "1.5.5", "1..5",
        "1e", "1e+", "1E-", "e1", "1ee1", "1e1.5", "1e1e1", "1eE1", "1e+-1", "1 000", "1_000", "1,0", "0x1", "0x",
        "0b1", "0o7", "1f", "1L", "1n", "1/2", "１", "-１",
        "1e１", "∞", "1.2a", "1a",
    ])
    func whatIsNoNumberIsRefused(text: String) {
        for text in [text, "{\"a\":\(text)}"] {
            #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
        }
    }

    // MARK: Section 7: strings

    @Test(arguments: [
        (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u0000""#, "\0"),
        (#""\u0022\u005c\u002F""#, "\"\\/"), (#""\u00e9\u00E9""#, "éé"),
        (#""\uD834\uDd1e""#, "\u{1d11e}"), (#""\uDBFF\uDFFF""#, "\u{10ffff}"),
        (#""\uFFFF\uFFFE\uFEFF""#, "\u{ffff}\u{fffe}\u{feff}"), (#""\\u0041""#, "\\u0041"),
        ("\"\u{7f}\u{80}\u{2028}\u{2029}\u{fffd}\u{10ffff}\"", "\u{7f}\u{80}\u{2028}\u{2029}\u{fffd}\u{10ffff}"),
        (#""/*//*/""#, "/*//*/"), (#""'""#, "'"),
    ])
    func stringsMeanWhatTheySay(text: String, value: String) throws {
        // By their bytes: Swift compares canonically.
        #expect(try read(text).text.map { Array($0.utf8) } == Array(value.utf8))
    }

    @Test(arguments: [
        #"""#, #""a"#, #""\"#, #""\""#, #""a"b"#, #""\x41""#, #""\a""#, #""\'""#, #""\U0041""#, #""\u""#, #""\u004""#,
        #""\u00G1""#, #""\u+041""#, #""\u{41}""#,
        #""\uD834""#, #""\uDD1E""#, #""\uD834\uD834""#, #""\uD834x""#, #""\uD834\n""#, #""\uDD1E\uD834""#, #"'a'"#,
        #"`a`"#, #"“a”"#, #"a"#, #""a" "b""#, #""\0""#, #""\012""#,
        "\"\\\u{1F600}\"", "\"\\",
    ])
    func brokenStringsAreRefused(text: String) {
        #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
        #expect { try read("[\(text)]") } throws: { ($0 as? JSONError)?.kind == .syntax }
        #expect { try read("{\(text):1}") } throws: { ($0 as? JSONError)?.kind == .syntax }
    }

    @Test(arguments: 0..<0x20 as Range<UInt8>)
    func controlCharactersAreEscaped(byte: UInt8) throws {
        #expect { try read([0x22, byte, 0x22]) } throws: { ($0 as? JSONError)?.kind == .syntax }
        let digits = String(byte, radix: 16)
        #expect(try read("\"\\u00\(byte < 16 ? "0" : "")\(digits)\"").text == String(UnicodeScalar(byte)))
    }

    /// Section 8.1: UTF-8, which RFC 3629 section 4 defines byte by byte.
    @Test(
        arguments: [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc2, 0x22], [0xe0, 0x9f, 0xbf], [0xe9],
            [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xef, 0xbf],
            [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
            [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf],
            [0xfe], [0xff],
        ] as [[UInt8]])
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        for text in [[0x22] + bytes + [0x22], [0x22, 0x61] + bytes + [0x61, 0x22], bytes, [0x5b] + bytes + [0x5d]] {
            #expect { try read(text) } throws: { ($0 as? JSONError)?.kind == .syntax }
        }
    }
}
